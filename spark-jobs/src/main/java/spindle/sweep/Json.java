package spindle.sweep;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import spindle.task.Quantity;

/** Writes JSON; maps keep their order, numbers are shortest decimals. */
public final class Json {
  private Json() {}

  /**
   * The text of a value.
   *
   * @param value a map, list, number, boolean or anything that prints as a string
   * @throws IllegalArgumentException if a number is NaN or infinite
   */
  public static String of(Object value) {
    if (value instanceof Map<?, ?> map) {
      var joined = new StringJoiner(",", "{", "}");
      map.forEach((k, v) -> joined.add(quote(k.toString()) + ":" + of(v)));
      return joined.toString();
    }
    if (value instanceof List<?> list) {
      var joined = new StringJoiner(",", "[", "]");
      list.forEach(v -> joined.add(of(v)));
      return joined.toString();
    }
    if (value instanceof Double number) {
      return decimal(number);
    }
    return value instanceof Number || value instanceof Boolean
        ? value.toString()
        : quote(value.toString());
  }

  private static String decimal(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("JSON has no " + number);
    }
    return Quantity.decimal(number);
  }

  static String quote(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}

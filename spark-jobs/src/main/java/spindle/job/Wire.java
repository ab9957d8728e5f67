package spindle.job;

import java.util.Map;
import java.util.TreeMap;
import spindle.task.Quantity;
import spindle.task.Settings;
import spindle.task.Unit;
import spindle.task.Value;

/**
 * Values as text that reads back to the last bit: {@code r 6e-9 nS}, {@code c 4000}, {@code w
 * auto}.
 */
final class Wire {
  private Wire() {}

  static String text(Value value) {
    if (value instanceof Value.Real real) {
      Quantity q = real.quantity();
      return "r " + Quantity.decimal(q.si()) + " " + q.unit().symbol();
    }
    return (value instanceof Value.Count ? "c " : "w ") + value;
  }

  static Value value(String text) {
    String rest = text.substring(2);
    return switch (text.charAt(0)) {
      case 'r' -> real(rest);
      case 'c' -> new Value.Count(Long.parseLong(rest));
      default -> new Value.Word(rest);
    };
  }

  /** The values of {@code settings} that differ from {@code base}. */
  static Map<String, String> changes(Settings base, Settings settings) {
    var changes = new TreeMap<String, String>();
    settings
        .values()
        .forEach(
            (name, value) -> {
              if (!value.equals(base.values().get(name))) {
                changes.put(name, text(value));
              }
            });
    return changes;
  }

  static Map<String, Value> values(Map<String, String> texts) {
    var values = new TreeMap<String, Value>();
    texts.forEach((name, text) -> values.put(name, value(text)));
    return values;
  }

  private static Value real(String rest) {
    int space = rest.indexOf(' ');
    double si = Double.parseDouble(rest.substring(0, space));
    return new Value.Real(new Quantity(si, Unit.of(rest.substring(space + 1)).orElseThrow()));
  }
}

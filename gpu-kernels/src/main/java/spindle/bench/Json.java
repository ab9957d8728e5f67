package spindle.bench;

import java.util.Map;
import java.util.stream.Collectors;

/** Writes a flat map as one line of JSON. */
final class Json {
  private Json() {}

  static String line(Map<String, Object> values) {
    return values.entrySet().stream()
        .map(e -> quoted(e.getKey()) + ": " + value(e.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String value(Object v) {
    if (v instanceof Double d) {
      return Double.isFinite(d) ? d.toString() : "null";
    }
    return v instanceof Number ? v.toString() : quoted(v.toString());
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

package spindle.task;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes JSON: maps, lists, records, numbers, truth values, and anything else as its text.
 *
 * <p>Numbers are shortest decimals. JSON has no NaN and no infinity, so these are the words {@code
 * "NaN"}, {@code "Infinity"} and {@code "-Infinity"}, which readers of numbers take back. Records
 * have snake_case keys in order of declaration. A map without an order of its own is sorted, so
 * that equal values have equal texts.
 */
public final class Json {
  private static final String STEP = "  ";

  private final StringBuilder text = new StringBuilder();
  private final boolean pretty;

  private Json(boolean pretty) {
    this.pretty = pretty;
  }

  /** A value on one line, without spaces. */
  public static String of(Object value) {
    var json = new Json(false);
    json.write(value, "\n");
    return json.text.toString();
  }

  /** A value over several lines, for people; ends with a line break. */
  public static String pretty(Object value) {
    var json = new Json(true);
    json.write(value, "\n");
    return json.text.append('\n').toString();
  }

  /** A text between quotes. */
  public static String quote(String text) {
    var json = new Json(false);
    json.quoted(text);
    return json.text.toString();
  }

  private void write(Object value, String indent) {
    if (value == null || value instanceof Boolean) {
      text.append(value);
    } else if (value instanceof Number number) {
      text.append(number(number));
    } else if (value instanceof Map<?, ?> map) {
      object(ordered(map), indent);
    } else if (value instanceof List<?> list) {
      array(list, indent);
    } else if (value instanceof Record record) {
      object(Fields.of(record), indent);
    } else {
      quoted(value.toString());
    }
  }

  private static String number(Number number) {
    if (number instanceof Double || number instanceof Float) {
      double value = number.doubleValue();
      return Double.isFinite(value) ? Quantity.decimal(value) : '"' + number.toString() + '"';
    }
    return number.toString();
  }

  private static Map<?, ?> ordered(Map<?, ?> map) {
    return map instanceof LinkedHashMap || map instanceof SortedMap ? map : sorted(map);
  }

  private static Map<String, Object> sorted(Map<?, ?> map) {
    var sorted = new TreeMap<String, Object>();
    map.forEach((key, value) -> sorted.put(key.toString(), value));
    return sorted;
  }

  private void object(Map<?, ?> map, String indent) {
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    text.append('{');
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      line(indent + STEP);
      quoted(entry.getKey().toString());
      text.append(pretty ? ": " : ":");
      write(entry.getValue(), indent + STEP);
      text.append(entries.hasNext() ? "," : "");
    }
    line(map.isEmpty() ? "" : indent);
    text.append('}');
  }

  private void array(List<?> list, String indent) {
    text.append('[');
    for (int i = 0; i < list.size(); i++) {
      line(indent + STEP);
      write(list.get(i), indent + STEP);
      text.append(i + 1 < list.size() ? "," : "");
    }
    line(list.isEmpty() ? "" : indent);
    text.append(']');
  }

  private void line(String indent) {
    text.append(pretty ? indent : "");
  }

  private void quoted(String raw) {
    text.append('"');
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < 0x20) {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }

  /** The components of records, found once per type: sweeps write a line per trial. */
  private static final class Fields {
    private static final ClassValue<Map<String, Method>> KNOWN =
        new ClassValue<>() {
          @Override
          protected Map<String, Method> computeValue(Class<?> type) {
            var fields = new LinkedHashMap<String, Method>();
            for (RecordComponent c : type.getRecordComponents()) {
              c.getAccessor().setAccessible(true); // the record may be its package's own
              fields.put(snakeCase(c.getName()), c.getAccessor());
            }
            return fields;
          }
        };

    private Fields() {}

    static Map<String, Object> of(Record record) {
      var values = new LinkedHashMap<String, Object>();
      KNOWN.get(record.getClass()).forEach((name, get) -> values.put(name, value(record, get)));
      return values;
    }

    private static Object value(Record record, Method accessor) {
      try {
        return accessor.invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + accessor, e);
      }
    }

    private static String snakeCase(String name) {
      return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(java.util.Locale.ROOT);
    }
  }
}

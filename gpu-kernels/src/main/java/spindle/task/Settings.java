package spindle.task;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All parameters of one trial, each with a checked value; names in alphabetical order. */
public record Settings(Map<String, Value> values) {
  public Settings {
    values = Collections.unmodifiableMap(new TreeMap<>(values));
  }

  /** The defaults of a task. */
  public static Settings defaults(List<Parameter> parameters) {
    var values = new TreeMap<String, Value>();
    parameters.forEach(p -> values.put(p.name(), Value.parse(p, p.fallback())));
    return new Settings(values);
  }

  /** A copy with some values replaced. */
  public Settings with(Map<String, Value> changes) {
    var merged = new TreeMap<>(values);
    merged.putAll(changes);
    return new Settings(merged);
  }

  /** The value of a real-valued parameter in a unit. */
  public double number(String name, Unit unit) {
    return value(name) instanceof Value.Real n ? n.quantity().in(unit) : wrong(name, "number");
  }

  /** The value of a dimensionless real-valued parameter. */
  public double number(String name) {
    return number(name, Unit.ONE);
  }

  /** The value of a whole-numbered parameter. */
  public long count(String name) {
    return value(name) instanceof Value.Count c ? c.count() : (long) wrong(name, "count");
  }

  /** The word of a choice. */
  public String word(String name) {
    return value(name).toString();
  }

  private Value value(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no parameter \"" + name + "\"; known: " + values.keySet());
    }
    return value;
  }

  private static double wrong(String name, String kind) {
    throw new IllegalArgumentException("parameter \"" + name + "\" is no " + kind);
  }
}

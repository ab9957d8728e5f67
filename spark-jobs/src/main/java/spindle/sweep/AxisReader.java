package spindle.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import spindle.task.Parameter;
import spindle.task.Value;

/** Reads {@code axes:}. */
final class AxisReader {
  private static final List<String> KINDS = List.of("values", "lin", "log", "geom", "choice");
  private static final long MAX_POINTS = 1_000_000;

  private final Model model;
  private final Set<String> sampled;
  private final Problems problems;

  AxisReader(Model model, Set<String> sampled, Problems problems) {
    this.model = model;
    this.sampled = sampled;
    this.problems = problems;
  }

  List<Axis> read(Node.Mapping axes) {
    var read = new ArrayList<Axis>();
    for (Node.Entry entry : axes.entries()) {
      var field = new Field("axes." + entry.key(), entry.at(), entry.value());
      model
          .parameter(entry.key())
          .ifPresentOrElse(
              parameter -> axis(field, parameter).ifPresent(read::add),
              () ->
                  wrong(
                      entry.at(),
                      field,
                      model.lacks("parameter", entry.key(), model.parameters())));
    }
    return read;
  }

  private Optional<Axis> axis(Field field, Parameter parameter) {
    if (!(field.value() instanceof Node.Mapping mapping)) {
      return wrong(
          field.at(),
          field,
          "expected {values: [...]}, {choice: [...]} or {lin: [min, max], n: 5}, got "
              + field.value().kind());
    }
    var keys = new Keys(field.path(), mapping, problems);
    var kinds = new LinkedHashMap<String, Field>();
    KINDS.forEach(kind -> keys.take(kind).ifPresent(f -> kinds.put(kind, f)));
    Optional<Field> n = keys.take("n");
    keys.finish("when", "zip", "round", "stage");
    if (kinds.size() != 1) {
      return wrong(
          field.keyAt(),
          field,
          kinds.isEmpty()
              ? "axis has no points; give one of " + String.join(", ", KINDS)
              : "give only one of " + String.join(", ", kinds.keySet()));
    }
    Map.Entry<String, Field> kind = kinds.entrySet().iterator().next();
    return Set.of("values", "choice").contains(kind.getKey())
        ? listed(field, parameter, kind, n, keys)
        : spread(field, parameter, kind, n, keys);
  }

  private Optional<Axis> listed(
      Field axis,
      Parameter parameter,
      Map.Entry<String, Field> kind,
      Optional<Field> n,
      Keys keys) {
    boolean words = parameter.kind() == Parameter.Kind.CHOICE;
    if (kind.getKey().equals("choice") && !words) {
      return wrong(kind.getValue().keyAt(), axis, "choice is for words; use values");
    }
    n.ifPresent(f -> wrong(f.keyAt(), axis, "n is the length of the list; drop it"));
    var values = new ArrayList<Value>();
    var seen = new LinkedHashMap<String, Value>();
    List<Field> items = keys.items(kind.getValue());
    for (Field item : items) {
      keys.value(new Field(axis.path(), item.keyAt(), item.value()), parameter)
          .ifPresent(
              value -> {
                Value twin = seen.putIfAbsent(value.canonical(), value);
                if (twin != null) {
                  wrong(item.at(), axis, "\"" + value + "\" repeats \"" + twin + "\"");
                }
                values.add(value);
              });
    }
    if (items.isEmpty() && kind.getValue().value() instanceof Node.Sequence) {
      return wrong(kind.getValue().at(), axis, "axis has no points; list at least one value");
    }
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(new Axis(axis.path().substring(5), values, false));
  }

  private Optional<Axis> spread(
      Field axis,
      Parameter parameter,
      Map.Entry<String, Field> kind,
      Optional<Field> n,
      Keys keys) {
    String name = kind.getKey();
    if (parameter.kind() == Parameter.Kind.CHOICE) {
      return wrong(kind.getValue().keyAt(), axis, name + " is for numbers; use choice");
    }
    List<Field> ends = keys.items(kind.getValue());
    if (ends.size() != 2) {
      return wrong(kind.getValue().at(), axis, name + " axis needs [min, max]");
    }
    var values = new ArrayList<Value>();
    ends.forEach(
        e ->
            keys.value(new Field(axis.path(), e.keyAt(), e.value()), parameter)
                .ifPresent(values::add));
    if (values.size() != 2) {
      return Optional.empty();
    }
    Points points = Points.between(values.get(0), values.get(1));
    boolean logarithmic = !name.equals("lin");
    if (!points.ascending() || (logarithmic && !points.positive())) {
      String rule = logarithmic ? "0 < min < max" : "min < max";
      return wrong(kind.getValue().at(), axis, name + " axis needs " + rule + ", got " + values);
    }
    boolean drawn = sampled.contains(parameter.name());
    List<Value> all = drawn ? values : counted(axis, name, points, n, keys);
    if (drawn) {
      n.ifPresent(f -> wrong(f.keyAt(), axis, "axis is sampled (sampling.over); drop its n"));
    }
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new Axis(parameter.name(), all, logarithmic, drawn));
  }

  private List<Value> counted(
      Field axis, String kind, Points points, Optional<Field> n, Keys keys) {
    if (n.isEmpty()) {
      wrong(axis.at(), axis, kind + " axis needs n, the number of points");
      return List.of();
    }
    long count = keys.whole("n", 2, 2);
    if (count > MAX_POINTS) {
      wrong(n.get().at(), axis, "n must be <= " + MAX_POINTS + ", got " + count);
      return List.of();
    }
    List<Value> values = points.spread((int) count, !kind.equals("lin"));
    if (Set.copyOf(values).size() < values.size()) {
      wrong(n.get().at(), axis, "has fewer than " + count + " different whole numbers; lower n");
    }
    return values;
  }

  private <T> Optional<T> wrong(At at, Field axis, String message) {
    problems.add(at, axis.path() + ": " + message);
    return Optional.empty();
  }
}

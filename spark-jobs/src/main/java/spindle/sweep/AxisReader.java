package spindle.sweep;

import static spindle.task.Parameter.Use.ALWAYS;

import java.math.BigDecimal;
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
  private static final long MAX_POINTS = 100_000;

  private final Model model;
  private final Set<String> sampled;
  private final Problems problems;
  private final Map<String, At> places;

  AxisReader(Model model, Set<String> sampled, Problems problems, Map<String, At> places) {
    this.model = model;
    this.sampled = sampled;
    this.problems = problems;
    this.places = places;
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
    Optional<Field> stage = keys.take("stage");
    keys.take("round");
    keys.finish("when", "zip");
    if (kinds.size() != 1) {
      return wrong(
          field.keyAt(),
          field,
          kinds.isEmpty()
              ? "axis has no points; give one of " + String.join(", ", KINDS)
              : "give only one of " + String.join(", ", kinds.keySet()));
    }
    Map.Entry<String, Field> kind = kinds.entrySet().iterator().next();
    var draft = new AxisDraft(field, parameter, kind.getKey(), kind.getValue(), n, keys);
    places.put(field.path(), kind.getValue().at());
    Optional<Axis> axis =
        Set.of("values", "choice").contains(kind.getKey()) ? listed(draft) : spread(draft);
    return axis.map(a -> stage.map(f -> staged(a, f, field)).orElse(a));
  }

  /** Checks that a parameter comes in with the stage that the file says. */
  private Axis staged(Axis axis, Field stage, Field field) {
    String word = stage.value() instanceof Node.Scalar s ? s.text() : stage.value().kind();
    List<String> known = model.stages();
    if (!known.contains(word)) {
      String which =
          known.isEmpty() ? "has no stages" : "has the stages " + String.join(", ", known);
      wrong(stage.at(), field, "model " + model.name() + " " + which + ", got \"" + word + "\"");
    } else if (!axis.name().startsWith(word + ".")) {
      wrong(
          stage.at(),
          field,
          "changes what comes before the stage " + word + "; drop the key \"stage\"");
    }
    return axis.at(word);
  }

  /** An axis whose keys are known: {@code points} is the value of the key {@code kind}. */
  private record AxisDraft(
      Field axis, Parameter parameter, String kind, Field points, Optional<Field> n, Keys keys) {

    boolean words() {
      return parameter.isText();
    }

    boolean logarithmic() {
      return !kind.equals("lin");
    }

    /** One value; errors name the axis. */
    Optional<Value> value(Field item) {
      return keys.value(new Field(axis.path(), item.keyAt(), item.value()), parameter);
    }
  }

  private Optional<Axis> listed(AxisDraft draft) {
    Field axis = draft.axis();
    if (draft.kind().equals("choice") && !draft.words()) {
      return wrong(draft.points().keyAt(), axis, "choice is for words; use values");
    }
    draft.n().ifPresent(f -> wrong(f.keyAt(), axis, "n is the length of the list; drop it"));
    draft
        .keys()
        .take("round")
        .ifPresent(f -> wrong(f.keyAt(), axis, "round is for lin, log and geom; drop it"));
    var values = new LinkedHashMap<String, Value>();
    List<Field> items = draft.keys().items(draft.points());
    for (Field item : items) {
      draft.value(item).ifPresent(value -> add(values, value, item, axis));
    }
    if (items.isEmpty() && draft.points().value() instanceof Node.Sequence) {
      return wrong(draft.points().at(), axis, "axis has no points; list at least one value");
    }
    var points = List.copyOf(values.values());
    return points.isEmpty()
        ? Optional.empty()
        : Optional.of(Axis.listed(draft.parameter().name(), points));
  }

  private void add(Map<String, Value> values, Value value, Field item, Field axis) {
    Value twin = values.putIfAbsent(value.canonical(), value);
    places.putIfAbsent(axis.path() + "=" + value.canonical(), item.at());
    if (twin != null) {
      wrong(item.at(), axis, "\"" + value + "\" repeats \"" + twin + "\"");
    }
  }

  private Optional<Axis> spread(AxisDraft draft) {
    Field axis = draft.axis();
    if (draft.words()) {
      return wrong(draft.points().keyAt(), axis, draft.kind() + " is for numbers; use choice");
    }
    List<Field> items = draft.keys().items(draft.points());
    if (!(draft.points().value() instanceof Node.Sequence)) {
      return Optional.empty(); // said already
    }
    if (items.size() != 2) {
      return wrong(
          draft.points().at(),
          axis,
          draft.kind() + " axis needs [min, max], got " + draft.points().value().inline());
    }
    List<Value> ends = items.stream().flatMap(item -> draft.value(item).stream()).toList();
    if (ends.size() != 2) {
      return Optional.empty();
    }
    BigDecimal round = round(draft, ends.get(0));
    return fits(draft, ends, round) ? axis(draft, ends, round) : Optional.empty();
  }

  /** What points are multiples of; 0 if the file does not say. */
  private BigDecimal round(AxisDraft draft, Value like) {
    Optional<Field> field = draft.keys().take("round");
    Parameter p = draft.parameter();
    double inf = Double.POSITIVE_INFINITY;
    var any =
        new Parameter(
            p.name(), p.kind(), p.unit(), p.fallback(), List.of(), 0, inf, "", "", ALWAYS);
    return field
        .flatMap(f -> draft.keys().value(f, any))
        .map(value -> Points.round(value, like))
        .orElse(BigDecimal.ZERO);
  }

  private boolean fits(AxisDraft draft, List<Value> ends, BigDecimal round) {
    Points points = Points.between(ends.get(0), ends.get(1), round);
    At at = draft.points().at();
    if (!points.ascending() || (draft.logarithmic() && !points.positive())) {
      String rule = draft.logarithmic() ? "0 < min < max" : "min < max";
      wrong(at, draft.axis(), draft.kind() + " axis needs " + rule + ", got " + ends);
      return false;
    }
    if (!points.endOnSteps()) {
      wrong(at, draft.axis(), "min and max must be multiples of round, got " + ends);
      return false;
    }
    return true;
  }

  private Optional<Axis> axis(AxisDraft draft, List<Value> ends, BigDecimal round) {
    Points points = Points.between(ends.get(0), ends.get(1), round);
    boolean drawn = sampled.contains(draft.parameter().name());
    List<Value> all = drawn ? drawn(draft, ends) : counted(draft, points);
    Axis.Kind even = drawn ? Axis.Kind.UNIFORM : Axis.Kind.LINEAR;
    Axis.Kind ratio = drawn ? Axis.Kind.LOG_UNIFORM : Axis.Kind.LOGARITHMIC;
    Axis.Kind kind = draft.logarithmic() ? ratio : even;
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new Axis(draft.parameter().name(), all, kind, round, ""));
  }

  private List<Value> drawn(AxisDraft draft, List<Value> ends) {
    draft
        .n()
        .ifPresent(
            f -> wrong(f.keyAt(), draft.axis(), "axis is sampled (sampling.over); drop its n"));
    return ends;
  }

  private List<Value> counted(AxisDraft draft, Points points) {
    Field axis = draft.axis();
    if (draft.n().isEmpty()) {
      wrong(axis.at(), axis, draft.kind() + " axis needs n, the number of points");
      return List.of();
    }
    At at = draft.n().get().at();
    long count = draft.keys().whole("n", 2, 2);
    if (count > MAX_POINTS) {
      wrong(at, axis, "n must be <= " + MAX_POINTS + ", got " + count);
      return List.of();
    }
    List<Value> values = points.spread((int) count, draft.logarithmic());
    if (Set.copyOf(values).size() < values.size()) {
      String sort =
          points.step().compareTo(BigDecimal.ONE) == 0 ? "whole numbers" : "multiples of round";
      wrong(at, axis, "has fewer than " + count + " different " + sort + "; lower n");
    }
    return values;
  }

  private <T> Optional<T> wrong(At at, Field axis, String message) {
    problems.add(at, axis.path() + ": " + message);
    return Optional.empty();
  }
}

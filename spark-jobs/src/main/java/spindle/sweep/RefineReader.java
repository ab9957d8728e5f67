package spindle.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spindle.task.Metric;
import spindle.task.Parameter;
import spindle.task.Quantity;
import spindle.task.Refinement;
import spindle.task.Smooth;
import spindle.task.Unit;
import spindle.task.Value;

/** Reads {@code refine:}, gradient search from every point of a sweep. */
final class RefineReader {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Parameter RATE =
      Parameter.number("lr", "0.3", 0, 1e3, "learning rate of the first update");
  private static final Parameter CLIP =
      Parameter.number("clip", "1", 1e-9, INF, "largest norm of the gradient");
  private static final Parameter WINDOW =
      Parameter.number("window", "200 ms", 1e-6, 1e9, "model time that a loss is of");
  private static final Parameter REACH =
      Parameter.number("reach", "20 ms", 1e-6, 1e9, "how far back gradients go");
  private static final int MAX_STEPS = 1_000_000;

  private final Model model;
  private final Problems problems;
  private final Map<String, At> places;

  RefineReader(Model model, Problems problems, Map<String, At> places) {
    this.model = model;
    this.problems = problems;
    this.places = places;
  }

  /** What is refined, and how; nothing if the file does not say or what it says is wrong. */
  Refinement read(Keys top) {
    Optional<Field> field = top.take("refine");
    if (field.isEmpty()) {
      return Refinement.NONE;
    }
    Optional<Smooth> smooth = model.task().smooth();
    if (smooth.isEmpty()) {
      problems.add(
          field.get().keyAt(),
          "refine: model "
              + model.name()
              + " cannot be refined: it has no smooth parameters; drop the key \"refine\"");
      return Refinement.NONE;
    }
    return read(top.nested("refine"), smooth.get());
  }

  private Refinement read(Keys keys, Smooth smooth) {
    keys.word("method", List.of("gradient"), List.of());
    keys.take("starts").ifPresent(this::starts);
    List<String> parameters = parameters(keys, smooth.parameters());
    List<Refinement.Goal> goals = goals(keys, smooth.targets());
    String optimizer = keys.word("optimizer", Refinement.OPTIMIZERS, List.of());
    long steps = keys.whole("steps", 60, 0);
    double windowMs = ms(keys, WINDOW);
    double reachMs = ms(keys, REACH);
    double rate = number(keys, RATE);
    double clip = number(keys, CLIP);
    keys.finish();
    if (steps > MAX_STEPS) {
      wrong(keys, "steps", "must be <= " + MAX_STEPS + ", got " + steps);
    }
    if (reachMs > windowMs) {
      wrong(keys, "reach", "must be at most the window, " + ms(windowMs) + ", got " + ms(reachMs));
      return Refinement.NONE;
    }
    return new Refinement(
        parameters,
        goals,
        optimizer,
        (int) Math.min(steps, MAX_STEPS),
        rate,
        clip,
        windowMs,
        reachMs);
  }

  private void starts(Field field) {
    problems.add(
        field.keyAt(),
        "refine.starts: starts are the points of the sweep; give the refined parameters axes, and"
            + " say sampling: {method: sobol, n: 10, seed: 1} to draw them");
  }

  private List<String> parameters(Keys keys, List<String> known) {
    var names = new ArrayList<String>();
    Optional<Field> list = keys.take("params");
    if (list.isEmpty()) {
      problems.add(keys.at(), "refine.params: is missing; known: " + String.join(", ", known));
      return names;
    }
    List<Field> items = keys.items(list.get());
    for (Field item : items) {
      Optional<String> name = keys.text(item).filter(n -> known(item, n, known, "parameter"));
      if (name.isPresent() && names.contains(name.get())) {
        problems.add(item.at(), item.path() + ": \"" + name.get() + "\" is listed twice");
      } else {
        name.ifPresent(names::add);
      }
    }
    if (items.isEmpty()) {
      problems.add(list.get().at(), "refine.params: lists no parameter to refine");
    }
    return names;
  }

  private List<Refinement.Goal> goals(Keys keys, List<Metric> known) {
    var goals = new ArrayList<Refinement.Goal>();
    List<String> names = known.stream().map(Metric::name).toList();
    Optional<Field> field = keys.take("targets");
    if (field.isEmpty()) {
      problems.add(keys.at(), "refine.targets: is missing; known: " + String.join(", ", names));
      return goals;
    }
    List<Node.Entry> entries =
        keys.mapping(field.get()).map(Node.Mapping::entries).orElse(List.of());
    for (Node.Entry entry : entries) {
      var item = new Field("refine.targets." + entry.key(), entry.at(), entry.value());
      if (known(item, entry.key(), names, "target")) {
        Metric metric = known.get(names.indexOf(entry.key()));
        keys.value(item, wanted(metric)).ifPresent(v -> goal(goals, item, metric, v));
      }
    }
    if (entries.isEmpty()) {
      problems.add(field.get().at(), "refine.targets: has no target to meet");
    }
    return goals;
  }

  private void goal(List<Refinement.Goal> goals, Field item, Metric metric, Value value) {
    double number = ((Value.Real) value).quantity().in(Unit.of(metric.unit()).orElseThrow());
    if (number == 0) {
      problems.add(item.at(), item.path() + ": must not be 0, for distances are relative to it");
    } else {
      goals.add(new Refinement.Goal(metric.name(), number, metric.unit()));
    }
  }

  /** A number in the unit of a metric. */
  private static Parameter wanted(Metric metric) {
    String unit = metric.unit().isEmpty() ? "" : " " + metric.unit();
    return Parameter.number(metric.name(), "1" + unit, -INF, INF, metric.about());
  }

  private boolean known(Field item, String name, List<String> known, String kind) {
    if (!known.contains(name)) {
      problems.add(
          item.keyAt(),
          item.path()
              + ": model "
              + model.name()
              + " has no smooth "
              + kind
              + " \""
              + name
              + "\""
              + Nearest.hintOrList(name, known));
    }
    return known.contains(name);
  }

  private double ms(Keys keys, Parameter like) {
    keys.take(like.name()).ifPresent(f -> places.put("refine." + like.name(), f.at()));
    return keys.value(like) instanceof Value.Real real
        ? real.quantity().in(Unit.MILLISECOND)
        : Double.NaN;
  }

  private static String ms(double ms) {
    return Quantity.of(ms, Unit.MILLISECOND).toString();
  }

  private static double number(Keys keys, Parameter like) {
    return keys.value(like) instanceof Value.Real real ? real.quantity().in(Unit.ONE) : Double.NaN;
  }

  private void wrong(Keys keys, String key, String message) {
    problems.add(keys.take(key).map(Field::at).orElse(keys.at()), "refine." + key + ": " + message);
  }
}

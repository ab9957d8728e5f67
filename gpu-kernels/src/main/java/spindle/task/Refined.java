package spindle.task;

import static spindle.task.Unit.MILLISECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A task whose parameters are led to where its metrics meet targets: gradient search as a task of
 * its own, over any task that is {@link Smooth}.
 *
 * <p>A trial starts at its settings. One long simulation of the task's network is cut into windows;
 * behind each the parameters move against the gradient of the loss, by ratios: what descends is
 * their logarithm, so that one learning rate suits all of them. Then the task itself runs with the
 * parameters that were found: what it reports and records is what a plain trial with these
 * parameters would. Beside its metrics stand the parameters found, under their own names, the
 * targets' metrics as the search measured them at the end, and {@code loss}; the path there is the
 * curve of the outcome, with a point per update.
 *
 * <p>Sweeps need to know nothing of this: points of the sweep are starts, and every start is a
 * trial like any other.
 */
public final class Refined implements Task {
  static final String LOSS = "loss";

  // Back propagation through a step, in forward steps of a network of 4000 COBA-LIF neurons.
  private static final double BACKWARD = 28;

  private final Task task;
  private final Smooth smooth;
  private final Refinement how;

  private Refined(Task task, Smooth smooth, Refinement how) {
    this.task = task;
    this.smooth = smooth;
    this.how = how;
  }

  /**
   * The task, refined if anything is.
   *
   * @throws IllegalArgumentException if it cannot be refined so
   */
  public static Task of(Task task, Refinement how) {
    if (!how.refines()) {
      return task;
    }
    String name = task.describe().name();
    Smooth smooth =
        task.smooth()
            .orElseThrow(
                () -> new IllegalArgumentException("model " + name + " cannot be refined"));
    requireKnown(name, "parameter", smooth.parameters(), how.parameters());
    List<String> targets = smooth.targets().stream().map(Metric::name).toList();
    requireKnown(
        name, "target", targets, how.goals().stream().map(Refinement.Goal::metric).toList());
    return new Refined(task, smooth, how);
  }

  private static void requireKnown(
      String model, String kind, List<String> known, List<String> asked) {
    for (String name : asked) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "model " + model + " has no smooth " + kind + " " + name + "; known: " + known);
      }
    }
  }

  @Override
  public Description describe() {
    Description plain = task.describe();
    var metrics = new ArrayList<Metric>();
    metrics.add(Metric.of(LOSS, "", "sum of the squared relative distances to the targets"));
    for (Parameter p : plain.parameters()) {
      if (how.parameters().contains(p.name())) {
        metrics.add(Metric.of(p.name(), p.unit().symbol(), "found: " + p.about()));
      }
    }
    Stream.concat(plain.metrics().stream(), smooth.targets().stream())
        .filter(m -> metrics.stream().noneMatch(o -> o.name().equals(m.name())))
        .forEach(metrics::add);
    return new Description(
        plain.name(),
        plain.about(),
        plain.parameters(),
        metrics,
        plain.populations(),
        plain.variables());
  }

  @Override
  public List<String> outside() {
    return task.outside();
  }

  @Override
  public Pinned pin(Settings settings) {
    return task.pin(settings);
  }

  @Override
  public List<Conflict> check(Trial trial) {
    var rules =
        new Rules(trial.settings(), "sim.dt")
            .multiple("refine.window", how.windowMs())
            .multiple("refine.reach", how.reachMs());
    for (Parameter p : task.describe().parameters()) {
      if (how.parameters().contains(p.name())) {
        rules.hold(
            trial.settings().number(p.name(), p.unit()) > 0,
            rules.shown(p.name()) + " must be > 0, for a refined parameter moves by ratios",
            p.name());
        rules.hold(
            p.use().holds(trial.settings()),
            p.name() + " is refined, but not read with these settings",
            p.name());
      }
    }
    var conflicts = new ArrayList<>(task.check(trial));
    conflicts.addAll(rules.broken());
    return conflicts;
  }

  @Override
  public Cost cost(Trial trial) {
    Cost plain = task.cost(trial);
    double windowMs = how.windowMs() + BACKWARD * how.reachMs();
    double durationMs = trial.settings().number("sim.duration", MILLISECOND);
    double times = 2 + how.steps() * windowMs / durationMs;
    return new Cost(
        plain.neuronSteps() * times,
        plain.events() * times,
        plain.synapses(),
        plain.seconds() * times,
        3 * plain.bytes() + Refiner.BUDGET_BYTES,
        plain.recordedBytes());
  }

  @Override
  public Outcome run(Trial trial, Recorder recorder) {
    Conflict.refuse(check(trial));
    return new Refiner(task, smooth, how, trial).run(recorder);
  }
}

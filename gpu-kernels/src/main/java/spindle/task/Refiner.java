package spindle.task;

import static spindle.task.Unit.MILLISECOND;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import spindle.backend.Backend;
import spindle.ir.DType;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Steps;
import spindle.sim.Backends;
import spindle.train.bptt.OverBudgetException;
import spindle.train.fit.Fit;
import spindle.train.fit.Target;
import spindle.train.optimizer.Descent;
import spindle.train.optimizer.LearningRate;

/** One refined trial at work. */
final class Refiner {
  /** Memory for states to go back over; more of them are computed again when they do not fit. */
  static final long BUDGET_BYTES = 256L << 20;

  private final Task task;
  private final Smooth smooth;
  private final Refinement how;
  private final Trial trial;
  private final Scalars scalars;
  private final Network network;
  private final List<CurvePoint> curve = new ArrayList<>();
  private double descentS;

  Refiner(Task task, Smooth smooth, Refinement how, Trial trial) {
    this.task = task;
    this.smooth = smooth;
    this.how = how;
    this.trial = trial;
    this.scalars = new Scalars(task, smooth, how.parameters(), trial);
    this.network = smooth.network(trial.settings());
  }

  /** How the descent ended, with the logarithm of what each parameter was multiplied by. */
  private record End(Outcome.Status status, String reason, Map<String, Double> log) {}

  Outcome run(Recorder recorder) {
    long start = System.nanoTime();
    try (Fit fit = new Fit(form(), trial.seed(), Backends.named(trial.backend()))) {
      double build = (System.nanoTime() - start) * 1e-9;
      long begin = System.nanoTime();
      End end = descend(fit);
      descentS = (System.nanoTime() - begin) * 1e-9;
      return end.status() == Outcome.Status.OK
          ? found(end, fit, recorder, build)
          : broken(end, build, fit.step(), fit.bytes());
    } catch (OverBudgetException e) {
      String reason = "refine.reach of " + how.reachMs() + " ms: " + e.getMessage();
      return broken(new End(Outcome.Status.STOPPED, reason, Map.of()), 0, 0, 0);
    }
  }

  /** What the task does with the parameters that were found. */
  private Outcome found(End end, Fit fit, Recorder recorder, double buildS) {
    long start = System.nanoTime();
    Map<String, Double> seen = fit.observe(scalars.values(end.log()), steps("sim.duration"));
    var plain =
        new Trial(
            scalars.settings(end.log()),
            trial.seed(),
            trial.backend(),
            trial.recording(),
            trial.guards());
    keep(how.steps(), end.log(), loss(seen), seen);
    Outcome last = task.run(plain, recorder);
    var metrics = new TreeMap<String, Double>(seen);
    metrics.put(Refined.LOSS, loss(seen));
    how.parameters().forEach(p -> metrics.put(p, scalars.number(p, end.log())));
    metrics.putAll(last.metrics());
    double seconds = (System.nanoTime() - start) * 1e-9 + descentS;
    Outcome.Timing part = last.timing();
    var timing =
        new Outcome.Timing(
            part.buildS() + buildS, part.compileS(), seconds - part.buildS() - part.compileS());
    return found(last, metrics, timing, fit);
  }

  private Outcome found(Outcome last, Map<String, Double> metrics, Outcome.Timing timing, Fit fit) {
    return new Outcome(
        last.status(),
        last.reason(),
        metrics,
        last.neurons(),
        last.synapses(),
        last.simulatedMs() + fit.step() * network.dtMs(),
        last.dtMs(),
        last.spikes(),
        timing,
        last.backend(),
        last.device(),
        last.shape(),
        Math.max(last.peakBytes(), fit.bytes()),
        last.populations(),
        last.kernels(),
        curve);
  }

  private double loss(Map<String, Double> seen) {
    double loss = 0;
    for (Refinement.Goal goal : how.goals()) {
      double off = seen.get(goal.metric()) / goal.value() - 1;
      loss += off * off;
    }
    return loss;
  }

  private Outcome broken(End end, double buildS, int steps, long bytes) {
    Backend backend = Backends.named(trial.backend());
    return new Outcome(
        end.status(),
        end.reason(),
        Map.of(),
        network.populations().stream().mapToLong(Population::size).sum(),
        0,
        steps * network.dtMs(),
        network.dtMs(),
        0,
        new Outcome.Timing(buildS, 0, descentS),
        backend.name(),
        backend.device(),
        "",
        bytes,
        Map.of(),
        Map.of(),
        curve);
  }

  private Fit.Form form() {
    var targets = new ArrayList<Target>();
    for (Refinement.Goal goal : how.goals()) {
      var observable = smooth.observable(goal.metric(), network, trial.settings());
      targets.add(new Target(observable, goal.value()));
    }
    var span = new Fit.Span(steps(how.windowMs()), steps(how.reachMs()));
    return new Fit.Form(network, targets, scalars.names(), span, BUDGET_BYTES);
  }

  private int steps(String parameter) {
    return steps(trial.settings().number(parameter, MILLISECOND));
  }

  private int steps(double ms) {
    return Steps.of("time", ms, network.dtMs());
  }

  private End descend(Fit fit) {
    var log = new LinkedHashMap<String, Double>();
    how.parameters().forEach(p -> log.put(p, 0.0));
    boolean moved = false;
    var rate = new LearningRate.Cosine(how.rate(), Math.max(1, how.steps()), 0);
    try (Descent descent = descent()) {
      for (int k = 0; k < how.steps(); k++) {
        Fit.Window window = fit.run(scalars.values(log));
        Map<String, Double> gradient = scalars.gradient(log, window.gradient());
        keep(k, log, window.loss(), window.values());
        if (!finite(window, gradient)) {
          return new End(
              Outcome.Status.DIVERGED, "the loss or its gradient is not finite " + at(k, log), log);
        }
        moved |= gradient.values().stream().anyMatch(g -> g != 0);
        gradient.forEach((p, g) -> descent.gradient(p, new double[] {g}));
        descent.update(rate.at(k));
        log.replaceAll((p, before) -> descent.get(p)[0]);
      }
    }
    // A window without a gradient may be one without spikes; a search without any cannot find.
    return moved || how.steps() == 0
        ? new End(Outcome.Status.OK, "", log)
        : new End(Outcome.Status.STOPPED, "no target depends on a parameter", log);
  }

  private Descent descent() {
    var variables =
        how.parameters().stream().map(p -> Variable.of(p, Type.scalar(DType.F64))).toList();
    var form = new Descent.Form(how.rule(), variables, how.clip());
    return new Descent(form, Backends.named(trial.backend()));
  }

  private static boolean finite(Fit.Window window, Map<String, Double> gradient) {
    return window.isFinite() && gradient.values().stream().allMatch(Double::isFinite);
  }

  private String at(int step, Map<String, Double> log) {
    var text = new StringBuilder("at update " + step + ":");
    how.parameters().forEach(p -> text.append(' ').append(scalars.shown(p, log)));
    return text.toString();
  }

  private void keep(int step, Map<String, Double> log, double loss, Map<String, Double> values) {
    curve.add(CurvePoint.at(step, Refined.LOSS, loss));
    how.parameters().forEach(p -> curve.add(CurvePoint.at(step, p, scalars.number(p, log))));
    values.forEach((name, value) -> curve.add(CurvePoint.at(step, name, value)));
  }
}

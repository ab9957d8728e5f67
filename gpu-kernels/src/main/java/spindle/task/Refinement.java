package spindle.task;

import java.util.List;
import spindle.train.optimizer.Optimizer;
import spindle.train.optimizer.Optimizers;

/**
 * How parameters of a trial are led to where metrics meet their targets.
 *
 * <p>Part of the identity of a trial: its result is a function of its parameters, its seed and
 * this.
 *
 * @param parameters names of what moves, in order; empty: nothing is refined
 * @param goals what metrics shall be
 * @param optimizer {@code sgd}, {@code momentum} or {@code adam}
 * @param steps number of updates; 0 measures only
 * @param rate learning rate of the first update; it falls to 0 along half a cosine
 * @param clip largest norm of the gradient by the logarithms of the parameters
 * @param windowMs model time that a loss is of [ms]
 * @param reachMs model time that a gradient goes back over [ms]
 */
public record Refinement(
    List<String> parameters,
    List<Goal> goals,
    String optimizer,
    int steps,
    double rate,
    double clip,
    double windowMs,
    double reachMs) {
  /** Words for the optimizers, the default first. */
  public static final List<String> OPTIMIZERS = List.of("sgd", "momentum", "adam");

  /** Nothing is refined. */
  public static final Refinement NONE = new Refinement(List.of(), List.of(), "sgd", 0, 0, 1, 1, 1);

  public Refinement {
    parameters = List.copyOf(parameters);
    goals = List.copyOf(goals);
    if (!OPTIMIZERS.contains(optimizer)) {
      throw new IllegalArgumentException(
          "optimizer must be one of " + OPTIMIZERS + ", got " + optimizer);
    }
    if (!(reachMs <= windowMs)) {
      throw new IllegalArgumentException(
          "reach must be at most the window of " + windowMs + " ms, got " + reachMs + " ms");
    }
  }

  /**
   * What a metric shall be.
   *
   * @param metric its name
   * @param value in the unit of the metric, not 0
   * @param unit symbol of that unit, empty for plain numbers
   */
  public record Goal(String metric, double value, String unit) {}

  /** Whether anything is refined. */
  public boolean refines() {
    return !parameters.isEmpty();
  }

  Optimizer rule() {
    return Optimizers.named(optimizer);
  }
}

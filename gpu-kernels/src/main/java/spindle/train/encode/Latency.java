package spindle.train.encode;

import spindle.ir.Expr;
import spindle.ir.Op;

/**
 * One spike per element, the earlier the larger x, in the step that its time t falls into; none
 * where x is not above a threshold.
 *
 * <pre>
 *   linear       t = tau (1 - x)
 *   logarithmic  t = tau ln(x / (x - threshold))
 * </pre>
 *
 * <p>The logarithmic law is when a leaky integrator of time constant tau, driven by x, reaches the
 * threshold (Zenke and Vogels 2021).
 *
 * @param law which t
 * @param tauMs time constant [ms]
 * @param threshold least intensity, exclusive
 */
public record Latency(Law law, double tauMs, double threshold) implements Encoder {
  /** How time follows from intensity. */
  public enum Law {
    /** Proportional to what is missing to 1. */
    LINEAR,
    /** The charging time of a leaky integrator. */
    LOGARITHMIC
  }

  public Latency {
    if (!(tauMs > 0 && tauMs < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("tau must be a time > 0 ms, got " + tauMs);
    }
    if (!(threshold >= 0 && threshold < 1)) {
      throw new IllegalArgumentException("threshold must be in [0, 1), got " + threshold);
    }
  }

  @Override
  public Expr input(Presentation at, Expr x) {
    return spikes(at, steps(at, x));
  }

  /** 1 where {@link #steps} is this step, else 0: a program that keeps it computes no logarithm. */
  public Expr spikes(Presentation at, Expr steps) {
    Expr now = at.step().as(steps.type().dtype());
    Expr off = steps.minus(now);
    return off.times(off).from(0.25).heaviside(); // whole numbers: 0 or at least 1
  }

  /** The step of the spike, -1 where there is none; floats like {@code x}. */
  public Expr steps(Presentation at, Expr x) {
    Expr above = x.from(threshold).heaviside().from(1); // not x <= threshold
    Expr inside = above.select(x, x.like(1));
    return above.select(time(inside).over(at.dtMs()).apply(Op.FLOOR), x.like(-1));
  }

  /** t for intensities above the threshold [ms]. */
  Expr time(Expr x) {
    return switch (law) {
      case LINEAR -> x.from(1).times(tauMs);
      case LOGARITHMIC -> x.over(x.minus(threshold)).log().times(tauMs);
    };
  }
}

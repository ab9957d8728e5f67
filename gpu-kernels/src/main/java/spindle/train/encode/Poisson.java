package spindle.train.encode;

import spindle.ir.Expr;

/**
 * Spikes at random, at each step with probability rate x dt, and at most one: a Poisson process to
 * first order in dt.
 *
 * @param rateHz rate at intensity 1 [Hz]; 1 where intensities are rates in Hz
 */
public record Poisson(double rateHz) implements Encoder {
  public Poisson {
    if (!(rateHz >= 0 && rateHz < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("rate must be at least 0 Hz, got " + rateHz);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if intensity 1 needs more than one spike per step
   */
  @Override
  public Expr input(Presentation at, Expr x) {
    double perStep = rateHz * at.dtMs() / 1000;
    if (perStep > 1) {
      throw new IllegalArgumentException(
          "rate " + rateHz + " Hz needs more than one spike per step of " + at.dtMs() + " ms");
    }
    Expr p = x.times(perStep);
    return p.atLeast(at.uniform(x.type().dtype(), at.batch().size(x)));
  }
}

package spindle.train.encode;

import spindle.ir.Expr;

/**
 * The same current at every step.
 *
 * @param gain current at intensity 1
 */
public record Direct(double gain) implements Encoder {
  public Direct {
    if (!Double.isFinite(gain)) {
      throw new IllegalArgumentException("gain must be finite, got " + gain);
    }
  }

  @Override
  public Expr input(Presentation at, Expr x) {
    return x.times(gain);
  }
}

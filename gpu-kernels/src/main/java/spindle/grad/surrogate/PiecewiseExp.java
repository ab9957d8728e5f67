package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** Two exponential flanks of area 1. */
public record PiecewiseExp(double alpha) implements Surrogate {
  public PiecewiseExp {
    Require.positive("alpha", alpha);
  }

  public PiecewiseExp() {
    this(1);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.apply(Op.ABS).times(-alpha).exp().times(alpha / 2);
  }

  @Override
  public String formula() {
    return "alpha / 2 e^(-alpha |x|)";
  }
}

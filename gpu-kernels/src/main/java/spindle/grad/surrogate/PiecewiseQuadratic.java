package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** A triangle of area 1 and base 2 / alpha. */
public record PiecewiseQuadratic(double alpha) implements Surrogate {
  public PiecewiseQuadratic {
    Require.positive("alpha", alpha);
  }

  public PiecewiseQuadratic() {
    this(1);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.apply(Op.ABS).times(alpha * alpha).from(alpha).max(0);
  }

  @Override
  public String formula() {
    return "max(0, alpha - alpha^2 |x|)";
  }
}

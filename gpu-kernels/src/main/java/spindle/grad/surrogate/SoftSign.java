package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** The derivative of the soft sign. */
public record SoftSign(double alpha) implements Surrogate {
  public SoftSign {
    Require.positive("alpha", alpha);
  }

  public SoftSign() {
    this(1);
  }

  @Override
  public Expr derivative(Expr x) {
    Expr wide = x.apply(Op.ABS).times(alpha).plus(1);
    return x.like(alpha / 2).over(wide.times(wide));
  }

  @Override
  public String formula() {
    return "alpha / (2 (1 + |alpha x|)^2)";
  }
}

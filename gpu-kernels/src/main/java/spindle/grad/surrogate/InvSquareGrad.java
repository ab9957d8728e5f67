package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** The derivative of a fast sigmoid, of height 1 (Zenke and Ganguli 2018, SuperSpike). */
public record InvSquareGrad(double alpha) implements Surrogate {
  public InvSquareGrad {
    Require.positive("alpha", alpha);
  }

  public InvSquareGrad() {
    this(100);
  }

  @Override
  public Expr derivative(Expr x) {
    Expr wide = x.apply(Op.ABS).times(alpha).plus(1);
    return x.like(1).over(wide.times(wide));
  }

  @Override
  public String formula() {
    return "1 / (alpha |x| + 1)^2";
  }
}

package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** A triangle of height alpha width and base 2 width. */
public record ReluGrad(double alpha, double width) implements Surrogate {
  public ReluGrad {
    Require.positive("alpha", alpha);
    Require.positive("width", width);
  }

  public ReluGrad() {
    this(0.3, 1);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.apply(Op.ABS).times(alpha).from(alpha * width).max(0);
  }

  @Override
  public String formula() {
    return "max(0, alpha width - alpha |x|)";
  }
}

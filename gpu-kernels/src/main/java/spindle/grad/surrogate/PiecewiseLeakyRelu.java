package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** Flat within w of the threshold, and a small constant c beyond. */
public record PiecewiseLeakyRelu(double c, double w) implements Surrogate {
  public PiecewiseLeakyRelu {
    Require.finite("c", c);
    Require.positive("w", w);
  }

  public PiecewiseLeakyRelu() {
    this(0.01, 1);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.apply(Op.ABS).from(w).heaviside().blend(x.like(1 / (2 * w)), x.like(c));
  }

  @Override
  public String formula() {
    return "1 / (2 w) if |x| <= w, else c";
  }
}

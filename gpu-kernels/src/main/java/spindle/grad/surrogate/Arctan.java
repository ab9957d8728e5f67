package spindle.grad.surrogate;

import spindle.ir.Expr;

/** The derivative of the arc tangent (Fang et al. 2021, PLIF). */
public record Arctan(double alpha) implements Surrogate {
  public Arctan {
    Require.positive("alpha", alpha);
  }

  public Arctan() {
    this(1);
  }

  @Override
  public Expr derivative(Expr x) {
    Expr z = x.times(Math.PI / 2 * alpha);
    return x.like(alpha / 2).over(z.times(z).plus(1));
  }

  @Override
  public String formula() {
    return "alpha / (2 (1 + (pi alpha x / 2)^2))";
  }
}

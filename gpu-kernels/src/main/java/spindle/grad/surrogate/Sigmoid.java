package spindle.grad.surrogate;

import spindle.ir.Expr;

/** The derivative of a logistic function of slope alpha / 4 at threshold. */
public record Sigmoid(double alpha) implements Surrogate {
  public Sigmoid {
    Require.positive("alpha", alpha);
  }

  public Sigmoid() {
    this(4);
  }

  @Override
  public Expr derivative(Expr x) {
    return Curves.bell(x, alpha);
  }

  @Override
  public String formula() {
    return "alpha s(alpha x) (1 - s(alpha x))";
  }
}

package spindle.grad.surrogate;

import spindle.ir.Expr;

/** A logistic bell below threshold, a hyperbola above (Suetake et al. 2022, S2NN). */
public record S2nn(double alpha, double beta) implements Surrogate {
  public S2nn {
    Require.positive("alpha", alpha);
    Require.finite("beta", beta);
  }

  public S2nn() {
    this(4, 1);
  }

  @Override
  public Expr derivative(Expr x) {
    Expr above = x.like(beta).over(x.max(0).plus(1));
    return x.heaviside().blend(above, Curves.bell(x, alpha));
  }

  @Override
  public String formula() {
    return "alpha s(alpha x) (1 - s(alpha x)) if x < 0, else beta / (x + 1)";
  }
}

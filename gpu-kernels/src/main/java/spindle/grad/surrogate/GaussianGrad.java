package spindle.grad.surrogate;

import spindle.ir.Expr;

/** A normal density of area alpha. */
public record GaussianGrad(double sigma, double alpha) implements Surrogate {
  public GaussianGrad {
    Require.positive("sigma", sigma);
    Require.positive("alpha", alpha);
  }

  public GaussianGrad() {
    this(0.5, 0.5);
  }

  @Override
  public Expr derivative(Expr x) {
    return Curves.normal(x, sigma).times(alpha);
  }

  @Override
  public String formula() {
    return "alpha N(x; 0, sigma)";
  }
}

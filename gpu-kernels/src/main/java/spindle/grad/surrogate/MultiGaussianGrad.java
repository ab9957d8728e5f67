package spindle.grad.surrogate;

import spindle.ir.Expr;

/** A normal density between two wider negative ones (Yin, Corradi and Bohte 2021). */
public record MultiGaussianGrad(double h, double s, double sigma, double scale)
    implements Surrogate {
  public MultiGaussianGrad {
    Require.finite("h", h);
    Require.positive("s", s);
    Require.positive("sigma", sigma);
    Require.positive("scale", scale);
  }

  public MultiGaussianGrad() {
    this(0.15, 6, 0.5, 0.5);
  }

  @Override
  public Expr derivative(Expr x) {
    Expr beside =
        Curves.normal(x.minus(sigma), s * sigma).plus(Curves.normal(x.plus(sigma), s * sigma));
    return Curves.normal(x, sigma).times(1 + h).minus(beside.times(h)).times(scale);
  }

  @Override
  public String formula() {
    return "scale ((1 + h) N(x; 0, sigma) - h N(x; sigma, s sigma) - h N(x; -sigma, s sigma))";
  }
}

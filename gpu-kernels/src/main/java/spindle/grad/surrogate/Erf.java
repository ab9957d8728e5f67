package spindle.grad.surrogate;

import spindle.ir.Expr;

/** The derivative of the error function, of area 1. */
public record Erf(double alpha) implements Surrogate {
  public Erf {
    Require.positive("alpha", alpha);
  }

  public Erf() {
    this(1);
  }

  @Override
  public Expr derivative(Expr x) {
    Expr z = x.times(alpha);
    return z.times(z).negated().exp().times(alpha / Math.sqrt(Math.PI));
  }

  @Override
  public String formula() {
    return "alpha / sqrt(pi) e^(-alpha^2 x^2)";
  }
}

package spindle.grad.surrogate;

import spindle.ir.Expr;

/** One constant below threshold, another above. */
public record LeakyRelu(double alpha, double beta) implements Surrogate {
  public LeakyRelu {
    Require.finite("alpha", alpha);
    Require.finite("beta", beta);
  }

  public LeakyRelu() {
    this(0.1, 1);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.heaviside().blend(x.like(beta), x.like(alpha));
  }

  @Override
  public String formula() {
    return "alpha if x < 0, else beta";
  }
}

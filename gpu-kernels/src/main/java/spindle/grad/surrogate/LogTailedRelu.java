package spindle.grad.surrogate;

import spindle.ir.Expr;

/** 1 up to 1 above threshold, then falling as 1 / x (Cai et al. 2017). */
public record LogTailedRelu(double alpha) implements Surrogate {
  public LogTailedRelu {
    Require.finite("alpha", alpha);
  }

  public LogTailedRelu() {
    this(0);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.negated().heaviside().blend(x.like(alpha), x.like(1).over(x.max(1)));
  }

  @Override
  public String formula() {
    return "alpha if x <= 0, 1 if x <= 1, else 1 / x";
  }
}

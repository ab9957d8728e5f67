package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** A hyperbola of height alpha. */
public record NonzeroSignLog(double alpha) implements Surrogate {
  public NonzeroSignLog {
    Require.positive("alpha", alpha);
  }

  public NonzeroSignLog() {
    this(1);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.like(1).over(x.apply(Op.ABS).plus(1 / alpha));
  }

  @Override
  public String formula() {
    return "1 / (1 / alpha + |x|)";
  }
}

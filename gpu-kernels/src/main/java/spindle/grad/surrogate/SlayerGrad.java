package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** Two exponential flanks of height 1 (Shrestha and Orchard 2018, SLAYER). */
public record SlayerGrad(double alpha) implements Surrogate {
  public SlayerGrad {
    Require.positive("alpha", alpha);
  }

  public SlayerGrad() {
    this(1);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.apply(Op.ABS).times(-alpha).exp();
  }

  @Override
  public String formula() {
    return "e^(-alpha |x|)";
  }
}

package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** A bell with algebraic tails (Herranz-Celotti and Rouat 2022). */
public record QPseudoSpike(double alpha) implements Surrogate {
  public QPseudoSpike {
    Require.positive("alpha", alpha);
  }

  public QPseudoSpike() {
    this(2);
  }

  @Override
  public Expr derivative(Expr x) {
    return x.apply(Op.ABS).times(2 / (alpha + 1)).plus(1).log().times(-alpha).exp();
  }

  @Override
  public String formula() {
    return "(1 + 2 |x| / (alpha + 1))^-alpha";
  }
}

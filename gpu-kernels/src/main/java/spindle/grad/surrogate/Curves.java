package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/** Curves that several surrogates are made of. */
final class Curves {
  private Curves() {}

  /** alpha s (1 - s) at alpha x, as alpha e / (1 + e)^2 with e = e^-|alpha x|: no cancellation. */
  static Expr bell(Expr x, double alpha) {
    Expr e = x.apply(Op.ABS).times(-alpha).exp();
    Expr whole = e.plus(1);
    return e.times(alpha).over(whole.times(whole));
  }

  /** The normal density of mean 0. */
  static Expr normal(Expr x, double deviation) {
    Expr z = x.times(1 / deviation);
    return z.times(z).times(-0.5).exp().times(1 / (deviation * Math.sqrt(2 * Math.PI)));
  }
}

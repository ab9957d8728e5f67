package spindle.model.channel;

import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.model.Cell;
import spindle.model.ExponentialEuler;
import spindle.model.Initial;
import spindle.model.State;

/**
 * A gating variable of Hodgkin and Huxley (1952, J Physiol 117:500, equation 7).
 *
 * <pre>
 *   dx/dt = alpha (1 - x) - beta x        rates in 1/ms
 * </pre>
 */
final class Gate {
  private static final double FARTHEST = 300;

  private Gate() {}

  /** A gate that is closed at first. */
  static State closed(String name) {
    return new State(name, "", new Initial.Constant(0));
  }

  static void step(Cell cell, String name, Expr alpha, Expr beta) {
    Expr x = cell.state(name);
    Expr f = x.fma(alpha.plus(beta).negated(), alpha);
    cell.set(name, ExponentialEuler.step(x, f, cell.dt()));
  }

  /**
   * v - vT, held where it has a meaning: no membrane lives at {@value #FARTHEST} mV, and within it
   * no rate overflows.
   */
  static Expr potential(Expr v, Expr vT) {
    return v.minus(vT).max(-FARTHEST).min(FARTHEST);
  }

  /** (u - from) / width. */
  static Expr scaled(Expr u, double from, double width) {
    return u.fma(u.like(1 / width), u.like(-from / width));
  }

  /**
   * {@code rate u / (exp(u / width) - 1)}, as {@code rate width / exprel(u / width)}: finite where
   * u is 0.
   *
   * @param rate [1/(ms mV)]
   * @param z u / width, of which the width may be negative
   * @param width [mV]
   */
  static Expr linear(double rate, Expr z, double width) {
    return z.like(rate * width).over(z.apply(Op.EXPREL));
  }

  /** {@code rate / (1 + exp(-z))}, as {@code rate (1 + t) / (2 + t)} with {@code t = exp z - 1}. */
  static Expr sigmoid(double rate, Expr z) {
    Expr t = z.apply(Op.EXPM1);
    return t.plus(1).times(rate).over(t.plus(2));
  }
}

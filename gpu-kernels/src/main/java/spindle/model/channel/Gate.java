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
  private Gate() {}

  /** A gate that is closed at first. */
  static State closed(String name) {
    return new State(name, "", new Initial.Constant(0));
  }

  static void step(Cell cell, String name, Expr alpha, Expr beta) {
    Expr x = cell.state(name);
    Expr f = alpha.times(x.from(1)).minus(beta.times(x));
    cell.set(name, ExponentialEuler.step(x, f, cell.dt()));
  }

  /**
   * {@code rate u / (exp(u / width) - 1)}, as {@code rate width / exprel(u / width)}: finite where
   * u is 0.
   *
   * @param rate [1/(ms mV)]
   * @param u potential below that of half the rate [mV]
   * @param width [mV]
   */
  static Expr linear(double rate, Expr u, double width) {
    return u.like(rate * width).over(u.times(1 / width).apply(Op.EXPREL));
  }

  /** {@code rate exp(u / width)}. */
  static Expr exponential(double rate, Expr u, double width) {
    return u.times(1 / width).exp().times(rate);
  }

  /**
   * {@code rate / (1 + exp(-u / width))}, as {@code rate (1 + t) / (2 + t)} with {@code t = exp(u /
   * width) - 1}, which rates of the form {@link #linear} compute anyway.
   */
  static Expr sigmoid(double rate, Expr u, double width) {
    Expr z = u.times(1 / width);
    Expr t = z.times(z.apply(Op.EXPREL));
    return t.plus(1).times(rate).over(t.plus(2));
  }
}

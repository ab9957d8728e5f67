package spindle.model;

import spindle.grad.Diagonal;
import spindle.ir.Expr;
import spindle.ir.Op;

/**
 * Exponential Euler integration of any equation, linearised by its own derivative.
 *
 * <pre>
 *   dx/dt = f(x):    x(t + dt) = x + dt exprel(dt df/dx) f(x)
 * </pre>
 *
 * <p>Exact where f is linear in x, with all else at its old value (Hochbruck and Ostermann 2010,
 * Acta Numerica 19:209, equation 1.6; {@code exp_auto} of BrainPy, arXiv 2311.05106).
 */
public final class ExponentialEuler {
  private ExponentialEuler() {}

  /**
   * x after a step.
   *
   * @param x state as the step began
   * @param f its rate of change, per ms, written in terms of x
   * @param dt time step [ms]
   */
  public static Expr step(Expr x, Expr f, Expr dt) {
    Expr z = dt.max(0).times(Diagonal.of(f, x)); // a sign that is known saves bounds
    return dt.times(z.apply(Op.EXPREL)).fma(f, x);
  }
}

package spindle.train.optimizer;

import spindle.ir.Expr;

/** What an optimizer sees of one parameter while it traces an update. */
public interface Slot {
  /** The parameter before the update. */
  Expr parameter();

  /** Its gradient, clipped where that was asked for. */
  Expr gradient();

  /** The learning rate of this update, a scalar. */
  Expr rate();

  /** An array that the optimizer keeps, as the update before left it. */
  Expr state(String name);

  /** Keeps an array for the next update. */
  void keep(String name, Expr value);

  /**
   * 1 - decay^t at update t = 1, 2, ..., a scalar: the moving average of ones, by which that of
   * anything else is divided to be unbiased.
   */
  Expr weight(double decay);

  /** decay * average + (1 - decay) * x, kept under the average's name. */
  default Expr average(String name, double decay, Expr x) {
    Expr next = state(name).times(decay).plus(x.times(1 - decay));
    keep(name, next);
    return next;
  }
}

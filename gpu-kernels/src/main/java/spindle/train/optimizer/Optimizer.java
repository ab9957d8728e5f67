package spindle.train.optimizer;

import java.util.List;
import spindle.ir.Expr;

/** How one parameter moves when its gradient is known; every element on its own. */
public sealed interface Optimizer permits Sgd, Momentum, Nesterov, RmsProp, Adam, AdamW {
  /** Names of the arrays that it keeps per parameter; all start at 0. */
  List<String> state();

  /**
   * Traces one update.
   *
   * @return the new value of the parameter
   */
  Expr update(Slot slot);

  /** Refuses a rate of decay outside [0, 1). */
  static void requireDecay(String name, double decay) {
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1), got " + decay);
    }
  }

  /** Refuses what does not keep a quotient finite. */
  static void requireEpsilon(double epsilon) {
    if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("epsilon must be positive and finite, got " + epsilon);
    }
  }
}

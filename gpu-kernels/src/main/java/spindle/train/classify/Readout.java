package spindle.train.classify;

import spindle.ir.Expr;

/** What of the potentials of the output layer over time is the score of a class. */
public enum Readout {
  /** Their maximum. */
  MAX(-1e30),
  /** Their mean over the steps. */
  MEAN(0);

  private final double start;

  Readout(double start) {
    this.start = start;
  }

  /** What the score is before the first step. */
  double start() {
    return start;
  }

  /** The score after another step. */
  Expr next(Expr score, Expr v, int steps) {
    return switch (this) {
      case MAX -> score.max(v);
      case MEAN -> score.plus(v.times(1.0 / steps));
    };
  }
}

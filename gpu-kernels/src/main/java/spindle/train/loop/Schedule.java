package spindle.train.loop;

import spindle.train.optimizer.LearningRate;
import spindle.train.optimizer.Optimizer;

/**
 * How a trainee is trained.
 *
 * @param epochs passes through the training samples
 * @param seed of the order of samples, which is a function of seed and epoch
 * @param optimizer of all parameters
 * @param rate learning rate by number of the update
 * @param clip largest norm of all gradients together, to which larger ones are scaled; infinite:
 *     off
 * @param guards when to give up
 * @param every updates between checkpoints beside those after each epoch; 0: none
 */
public record Schedule(
    int epochs,
    long seed,
    Optimizer optimizer,
    LearningRate rate,
    double clip,
    Guards guards,
    long every) {
  public Schedule {
    if (epochs < 0 || every < 0) {
      throw new IllegalArgumentException(
          "epochs and updates between checkpoints must be >= 0, got " + epochs + ", " + every);
    }
  }

  /**
   * What ends training early; NaN and infinity always do.
   *
   * @param maxLoss largest loss of a minibatch
   * @param maxNorm largest norm of all gradients together, before clipping
   */
  public record Guards(double maxLoss, double maxNorm) {
    /** No limit but the one on NaN and infinity. */
    public static final Guards NONE =
        new Guards(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

    public Guards {
      if (!(maxLoss > 0) || !(maxNorm > 0)) {
        throw new IllegalArgumentException(
            "largest loss and norm must be positive, got " + maxLoss + ", " + maxNorm);
      }
    }
  }
}

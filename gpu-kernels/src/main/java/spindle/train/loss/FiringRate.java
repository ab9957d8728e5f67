package spindle.train.loss;

import spindle.ir.Expr;
import spindle.train.Batch;

/**
 * Draws firing rates to a target: the mean over neurons of (r - target)^2 in Hz^2, where r is a
 * neuron's rate over all steps and members (Bellec et al. 2018, LSNN).
 *
 * <p>It is about spikes, 0 or 1 per neuron and step. With target 0 and S spikes per neuron in all,
 * the penalty is the mean of S^2 times (1000 / (members steps dt))^2.
 *
 * @param targetHz rate asked for [Hz]
 * @param dtMs time step [ms]
 */
public record FiringRate(double targetHz, double dtMs) implements Regulariser {
  public FiringRate {
    if (!(targetHz >= 0 && targetHz < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("target must be a rate >= 0 Hz, got " + targetHz);
    }
    if (!(dtMs > 0 && dtMs < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("dt must be a time > 0 ms, got " + dtMs);
    }
  }

  @Override
  public Expr each(Expr x) {
    return x;
  }

  @Override
  public Expr of(Batch batch, Expr mean) {
    Expr rates = batch.sumMembers(mean).times(1000 / (dtMs * batch.members()));
    Expr off = rates.minus(targetHz);
    return batch.trace().sum(off.times(off)).over(batch.size(mean));
  }
}

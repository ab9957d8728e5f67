package spindle.train.loss;

import spindle.ir.Expr;
import spindle.train.Batch;

/**
 * The squared difference of spike counts from counts that are asked for, mean over output neurons.
 *
 * <p>Outputs are spikes of each output neuron, summed over the steps; targets are labels, i32 per
 * member: the neuron of that number is the right one.
 *
 * @param right spikes asked of the right neuron
 * @param wrong spikes asked of every other neuron
 */
public record SpikeCount(double right, double wrong) implements Loss {
  public SpikeCount {
    if (!(wrong >= 0 && right > wrong && right < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "right must be above wrong and wrong at least 0, got " + right + ", " + wrong);
    }
  }

  @Override
  public Expr perMember(Batch batch, Expr output, Expr target) {
    Expr hot = batch.oneHot(target, batch.size(output), output.type().dtype());
    Expr asked = hot.times(right - wrong).plus(wrong);
    return new MeanSquaredError().perMember(batch, output, asked);
  }
}

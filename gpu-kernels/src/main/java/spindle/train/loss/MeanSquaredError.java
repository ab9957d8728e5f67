package spindle.train.loss;

import spindle.ir.Expr;
import spindle.train.Batch;

/** The squared difference of output and target, mean over elements; targets are like outputs. */
public record MeanSquaredError() implements Loss {
  @Override
  public Expr perMember(Batch batch, Expr output, Expr target) {
    Expr d = output.minus(target);
    return batch.sumElements(d.times(d)).over(batch.size(output));
  }
}

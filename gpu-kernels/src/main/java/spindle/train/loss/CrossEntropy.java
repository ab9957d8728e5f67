package spindle.train.loss;

import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.train.Batch;

/**
 * Minus the log probability of the right class, from scores y (logits).
 *
 * <pre>
 *   log(sum_c e^(y_c - m)) - (y_label - m),  m = max_c y_c
 * </pre>
 *
 * <p>The sum is between 1 and the number of classes, so that nothing overflows. m drops out of the
 * loss, hence it is taken as constant and the gradient is softmax(y) - oneHot(label).
 *
 * <p>Targets are labels: i32 per member, from 0 to the number of classes - 1; any of them for a
 * member that is not there.
 */
public record CrossEntropy() implements Loss {
  @Override
  public Expr perMember(Batch batch, Expr output, Expr target) {
    Expr max = batch.maxElements(output).apply(Op.STOP);
    Expr z = output.minus(batch.spread(max, batch.size(output)));
    return batch.sumElements(z.exp()).log().minus(batch.pick(z, target));
  }
}

package spindle.train.loss;

import spindle.ir.Expr;
import spindle.train.Batch;

/** How far an output is from its target. */
public sealed interface Loss permits CrossEntropy, MeanSquaredError, SpikeCount {
  /**
   * The loss of each member, before {@link Batch#mean(Expr)} or {@link Batch#sum}.
   *
   * @param output float, batch-innermost
   * @param target as the loss says
   * @return of the output's element type, length {@code batch.members()}
   */
  Expr perMember(Batch batch, Expr output, Expr target);
}

package spindle.train.loss;

import spindle.ir.Expr;
import spindle.train.Batch;

/**
 * A penalty on activity: a function of the mean over all steps of something that each step has.
 *
 * <p>A step adds {@link #each} to a variable; after the last, {@link #of} judges that sum divided
 * by the number of steps.
 */
public sealed interface Regulariser permits FiringRate, Voltage {
  /**
   * What is averaged over the steps.
   *
   * @param x what the penalty is about, at one step, batch-innermost
   */
  Expr each(Expr x);

  /**
   * The penalty, a scalar.
   *
   * @param mean of {@link #each} over the steps, batch-innermost
   */
  Expr of(Batch batch, Expr mean);
}

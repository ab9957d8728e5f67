/**
 * What training makes small, as expressions: {@link spindle.grad.Adjoint} differentiates them and
 * every backend runs them.
 *
 * <p>A {@link spindle.train.loss.Loss} compares an output with a target and yields one number per
 * member of a batch; {@link spindle.train.Batch} has their mean and their sum. A {@link
 * spindle.train.loss.Regulariser} judges activity, whatever the target.
 */
package spindle.train.loss;

/**
 * How parameters follow their gradients.
 *
 * <p>An {@link spindle.train.optimizer.Optimizer} is the update of one parameter as expressions; a
 * {@link spindle.train.optimizer.Descent} is a program that updates many at once, with clipping; a
 * {@link spindle.train.optimizer.LearningRate} says how fast. Rules and defaults are those of
 * PyTorch unless a record says otherwise.
 */
package spindle.train.optimizer;

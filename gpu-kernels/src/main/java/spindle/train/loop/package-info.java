/**
 * Training over a data set: epochs of minibatches, curves, checkpoints, and how it may end. What is
 * trained is a {@link spindle.train.loop.Trainee}; the loop knows neither networks nor images.
 */
package spindle.train.loop;

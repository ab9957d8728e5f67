package spindle.task;

import java.util.List;
import spindle.model.Network;
import spindle.train.fit.Observable;

/**
 * What a gradient search needs of a task: which network it simulates, and what of it is smooth.
 *
 * <p>Nothing here is about gradients: the search differentiates the step of the same network that a
 * plain trial runs, see {@link Refined}.
 */
public interface Smooth {
  /**
   * Names of parameters that can be refined: positive ones that change the values of scalars of the
   * step and nothing else, neither its equations nor its connectivity.
   */
  List<String> parameters();

  /** Metrics that can be targets. */
  List<Metric> targets();

  /** The network for given settings. */
  Network network(Settings settings);

  /** What is averaged to give a target, in its unit. */
  Observable observable(String target, Network network, Settings settings);
}

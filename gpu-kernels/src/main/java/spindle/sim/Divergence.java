package spindle.sim;

import java.util.List;
import java.util.function.Supplier;
import spindle.model.Group;

/**
 * Where a simulation lost its way.
 *
 * @param what variable, population and neuron that are not finite
 * @param step number of steps after which they were not
 */
public record Divergence(String what, int step) {
  /**
   * Finds the first state that is not finite by running again: a simulation is a pure function of
   * its seed.
   *
   * @param again makes the simulation anew
   * @param groups the names by which users know the neurons
   * @param sound a step at which all was finite
   * @param lost a later step at which something was not
   */
  public static Divergence locate(
      Supplier<Simulation> again, List<Group> groups, int sound, int lost) {
    try (Simulation simulation = again.get()) {
      simulation.run(sound);
      simulation.forgetSpikes();
      while (simulation.step() < lost) {
        simulation.run(1);
        String what = simulation.nonFinite(groups);
        if (!what.isEmpty()) {
          return new Divergence(what, simulation.step());
        }
      }
      throw new IllegalStateException("the second run stayed finite: numerics are not exact");
    }
  }

  /** One line for people. */
  public String reason() {
    return what + " is not finite at step " + step;
  }
}

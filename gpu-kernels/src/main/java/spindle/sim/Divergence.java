package spindle.sim;

import java.util.List;
import java.util.function.Supplier;
import spindle.model.Group;

/** Finds where a simulation lost its way by running it again: it is a pure function of its seed. */
public final class Divergence {
  private Divergence() {}

  /**
   * Names variable, population, neuron and step of the first state that is not finite.
   *
   * @param again makes the simulation anew
   * @param groups the names by which users know the neurons
   * @param sound a step at which all was finite
   * @param lost a later step at which something was not
   */
  public static String locate(Supplier<Simulation> again, List<Group> groups, int sound, int lost) {
    try (Simulation simulation = again.get()) {
      simulation.run(sound);
      simulation.forgetSpikes();
      while (simulation.step() < lost) {
        simulation.run(1);
        String what = simulation.nonFinite(groups);
        if (!what.isEmpty()) {
          return what + " is not finite at step " + simulation.step();
        }
      }
      throw new IllegalStateException("the second run stayed finite: numerics are not exact");
    }
  }
}

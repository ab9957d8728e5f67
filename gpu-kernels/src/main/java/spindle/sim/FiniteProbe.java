package spindle.sim;

import java.util.List;
import spindle.model.Group;

/**
 * Ends a simulation whose state is no longer finite.
 *
 * @param interval steps between looks
 * @param groups the names by which users know the neurons
 */
public record FiniteProbe(int interval, List<Group> groups) implements Probe {
  @Override
  public Verdict look(Simulation simulation) {
    String what = simulation.nonFinite(groups);
    return what.isEmpty()
        ? Verdict.GO_ON
        : new Verdict(Verdict.Kind.DIVERGED, what + " is not finite");
  }
}

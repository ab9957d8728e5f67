package spindle.sim;

/**
 * Ends a simulation whose state is no longer finite.
 *
 * @param interval steps between looks
 */
public record FiniteProbe(int interval) implements Probe {
  @Override
  public Verdict look(Simulation simulation) {
    String what = simulation.nonFinite();
    return what.isEmpty()
        ? Verdict.GO_ON
        : new Verdict(Verdict.Kind.DIVERGED, what + " is not finite");
  }
}

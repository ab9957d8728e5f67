package spindle.sim;

/** Looks at a simulation at regular steps. */
public interface Probe {
  /** Steps between looks, at least 1. */
  int interval();

  /**
   * Looks; the simulation has done a multiple of {@link #interval} steps, or all of them.
   *
   * @return whether to go on, and if not, why
   */
  Verdict look(Simulation simulation);
}

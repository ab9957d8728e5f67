package spindle.model;

import spindle.connect.Delayed;
import spindle.connect.Grid;

/**
 * Times from spike to arrival, per synapse; less than one step counts as one step.
 *
 * <p>Constants and bounds must be whole numbers of steps, or assembling refuses them with the
 * nearest; a delay that follows from a distance goes to the nearest step, halves up.
 */
public sealed interface Delays {
  /**
   * The law in steps.
   *
   * @param what name for messages
   * @throws IllegalArgumentException if a time is no multiple of the step
   */
  Delayed.Law law(String what, double dtMs);

  /**
   * One delay for all synapses.
   *
   * @param ms delay [ms]
   */
  record Constant(double ms) implements Delays {
    public Constant {
      require(ms);
    }

    @Override
    public Delayed.Constant law(String what, double dtMs) {
      return new Delayed.Constant(Steps.of(what, ms, dtMs));
    }
  }

  /**
   * Each whole number of steps between the bounds, these included, with the same probability.
   *
   * @param lowMs shortest delay [ms]
   * @param highMs longest delay [ms]
   */
  record Uniform(double lowMs, double highMs) implements Delays {
    public Uniform {
      require(lowMs);
      require(highMs);
      if (highMs < lowMs) {
        throw new IllegalArgumentException(
            "the longest delay must be >= " + lowMs + " ms, got " + highMs);
      }
    }

    @Override
    public Delayed.Uniform law(String what, double dtMs) {
      return new Delayed.Uniform(Steps.of(what, lowMs, dtMs), Steps.of(what, highMs, dtMs));
    }
  }

  /**
   * Distance over conduction velocity, plus an offset; one grid is stretched over the other.
   *
   * @param from grid of the presynaptic neurons
   * @param to grid of the postsynaptic neurons
   * @param velocity spacings of {@code to} passed per ms
   * @param offsetMs delay at distance 0 [ms]
   */
  record Distance(Grid from, Grid to, double velocity, double offsetMs) implements Delays {
    @Override
    public Delayed.Distance law(String what, double dtMs) {
      return new Delayed.Distance(from, to, velocity * dtMs, offsetMs / dtMs);
    }
  }

  private static void require(double ms) {
    if (!(ms >= 0)) {
      throw new IllegalArgumentException("delay must be >= 0 ms, got " + ms);
    }
  }
}

package spindle.model;

/** What drives a population from outside. */
public sealed interface Input {
  /** The same current at every step, in the unit the neuron model expects. */
  record Constant(double current) implements Input {}

  /**
   * One independent Poisson source per neuron, as a Bernoulli trial per step.
   *
   * @param name names its random stream
   * @param rateHz rate of each source [Hz]; rate * dt must not exceed 1
   * @param weight what a spike adds to the receptor
   */
  record Poisson(String name, double rateHz, double weight, Receptor receptor) implements Input {
    public Poisson {
      if (!(rateHz >= 0)) {
        throw new IllegalArgumentException(name + ": rate must be >= 0 Hz, got " + rateHz);
      }
    }
  }
}

package spindle.model;

/** How a state variable starts. */
public sealed interface Initial {
  /** Every neuron the same. */
  record Constant(double value) implements Initial {}

  /** Normally distributed over neurons. */
  record Normal(double mean, double deviation) implements Initial {
    public Normal {
      if (!(deviation >= 0)) {
        throw new IllegalArgumentException("standard deviation must be >= 0, got " + deviation);
      }
    }
  }

  /** Uniform on (low, high]. */
  record Uniform(double low, double high) implements Initial {}
}

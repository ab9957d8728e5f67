package spindle.train.initial;

import spindle.ir.Key;

/** How an array of parameters starts. */
public sealed interface Initializer
    permits Constant, Uniform, Normal, TruncatedNormal, VarianceScaling, Orthogonal {
  /**
   * The values, in float64; a float32 parameter takes them rounded.
   *
   * @param stream keys the random numbers; {@code Key.of(seed, name)}
   */
  double[] values(Shape shape, Key stream);

  /** The values of the named stream under a seed. */
  default double[] values(Shape shape, long seed, String name) {
    return values(shape, Key.of(seed, name));
  }
}

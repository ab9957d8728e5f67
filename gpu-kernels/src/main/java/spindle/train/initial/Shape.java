package spindle.train.initial;

/**
 * How many values there are, and what they connect.
 *
 * @param length number of values
 * @param fanIn values that meet at a target
 * @param fanOut values that leave a source
 */
public record Shape(int length, double fanIn, double fanOut) {
  public Shape {
    if (length < 0 || !(fanIn >= 0) || !(fanOut >= 0)) {
      throw new IllegalArgumentException(
          "sizes must be at least 0, got " + length + ", fan " + fanIn + ", " + fanOut);
    }
  }

  /** One value per neuron: a bias, a time constant. */
  public static Shape vector(int length) {
    return new Shape(length, 1, 1);
  }

  /** A weight per pair, from pre i to post j at {@code i * post + j}, as products number them. */
  public static Shape dense(int pre, int post) {
    return new Shape(Math.multiplyExact(pre, post), pre, post);
  }

  /** A weight per synapse of some; fans are the means over neurons. */
  public static Shape sparse(int synapses, int pre, int post) {
    return new Shape(synapses, (double) synapses / post, (double) synapses / pre);
  }
}

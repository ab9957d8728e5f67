package spindle.ir;

import java.util.List;

/** Which way a product goes through a connectivity. */
public enum Direction {
  /** From presynaptic to postsynaptic neurons: y = W' x. */
  ALONG,
  /** From postsynaptic to presynaptic neurons: y = W x. */
  AGAINST;

  /** The direction of a PROPAGATE or TRANSMIT. */
  public static Direction of(Equation e) {
    return e.value() == 0 ? ALONG : AGAINST;
  }

  /** The other direction. */
  public Direction reversed() {
    return this == ALONG ? AGAINST : ALONG;
  }

  /** Number of sources; along, of those that the rows have. */
  public int sources(Rows rows) {
    return this == ALONG ? rows.sources() : rows.post();
  }

  /** Number of targets; against, as many as the rows have sources. */
  public int targets(Rows rows) {
    return this == ALONG ? rows.post() : rows.sources();
  }

  /**
   * Number of elements of a product with {@code elements} source elements.
   *
   * @throws IllegalArgumentException if that is not a whole number of elements per source
   */
  int targets(Rows rows, int elements) {
    long targets = (long) batch(rows, elements) * targets(rows);
    if (targets > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          rows.name() + ": " + targets + " target elements exceed 2^31 - 1; use smaller batches");
    }
    return (int) targets;
  }

  /** Elements per neuron. */
  public int batch(Rows rows, int elements) {
    int sources = sources(rows);
    if (sources == 0 ? elements != 0 : elements <= 0 || elements % sources != 0) {
      throw new IllegalArgumentException(
          rows.name() + " has " + sources + " sources, got " + elements + " elements");
    }
    return sources == 0 ? 1 : elements / sources;
  }

  Equation equation(Op op, Type type, Rows rows) {
    return new Equation(op, type, List.of(), rows.name(), this == ALONG ? 0 : 1);
  }
}

package spindle.compile;

/** How loops over neurons are written; never what they compute. */
public enum Mode {
  /** Plain Java loops, split so that C2 turns each into vector instructions. */
  PLAIN,
  /** One plain loop however long: soonest compiled, for what runs once or on short vectors. */
  FUSED,
  /** Loops of Vector API operations; needs the module {@code jdk.incubator.vector}. */
  VECTOR,
  /**
   * Vectors for rows, and where a body has more operations than one loop should hold or takes
   * floats to bits, else plain loops: for compilers that are good at few vector operations only.
   */
  LONG,
  /** One loop however long, an element per thread of a GPU. */
  THREADS
}

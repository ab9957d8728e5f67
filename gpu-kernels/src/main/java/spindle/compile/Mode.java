package spindle.compile;

/** How loops over neurons are written; never what they compute. */
public enum Mode {
  /** Plain Java loops, split so that C2 turns each into vector instructions. */
  PLAIN,
  /** One plain loop however long: soonest compiled, for what runs once or on short vectors. */
  FUSED,
  /** One loop of Vector API operations; needs the module {@code jdk.incubator.vector}. */
  VECTOR,
  /** One loop however long, an element per thread of a GPU. */
  THREADS
}

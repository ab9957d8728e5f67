package spindle.compile;

/** A compiled loop. */
public interface Kernel {
  /**
   * Runs the loop over elements {@code [from, to)}.
   *
   * @param arrays as laid out by {@link Layout}
   * @param scalars as laid out by {@link Layout}
   */
  void run(Object[] arrays, double[] scalars, int from, int to);
}

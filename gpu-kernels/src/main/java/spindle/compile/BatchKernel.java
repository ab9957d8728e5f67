package spindle.compile;

/**
 * Sums along a row for as many members of a batch as a vector has lanes.
 *
 * <p>Neuron c has its {@code batch} members from {@code c * batch} on; those at {@code member} and
 * the lanes behind it are taken.
 */
public interface BatchKernel {
  /**
   * y[column] += weight * x, {@code x} read at {@code at}; {@code weights} may be null for 1, else
   * begin at {@code first}.
   */
  void scatter(
      int[] columns,
      int from,
      int to,
      float[] weights,
      int first,
      float[] x,
      int at,
      float[] y,
      int batch,
      int member);

  /** y += weight * x[column], {@code y} read and written at {@code at}. */
  void gather(
      int[] columns,
      int from,
      int to,
      float[] weights,
      int first,
      float[] x,
      int at,
      float[] y,
      int batch,
      int member);
}

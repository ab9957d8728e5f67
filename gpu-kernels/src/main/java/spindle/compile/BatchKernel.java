package spindle.compile;

/**
 * Sums along a row for some members of a batch, as many as a few vectors have lanes.
 *
 * <p>Neuron c has its {@code batch} members from {@code c * batch} on; those at {@code member} and
 * the lanes behind it are taken.
 */
public interface BatchKernel {
  /** Vectors of the widest class; there is one for each power of two up to this. */
  int VECTORS = 4;

  /**
   * Which sums a class is for.
   *
   * @param vectors of members that go along a row together
   * @param scatters whether it adds to the neurons of the columns, else to that of the row
   */
  record Shape(int vectors, boolean scatters) {}

  /**
   * Scatters, y[column] += weight * x with {@code x} read at {@code at}, or gathers, y += weight *
   * x[column] with {@code y} read and written at {@code at}; {@code weights} may be null for 1,
   * else begin at {@code first}.
   */
  void run(
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

package spindle.compile;

/**
 * Adds a few rows of a dense matrix to a vector. They are read side by side from one end to the
 * other: memory is at its best with few and long streams.
 */
public interface AxpyKernel {
  /** Rows of the largest class; there is one for each power of two up to this. */
  int ROWS = 8;

  /**
   * c[lane] += factors[n] * b[rows[n] * width + lane] for each of the class's rows n = from, from +
   * 1, ..., each added in one rounding.
   *
   * @param rows numbers of rows
   * @param factors one for each place of {@code rows}
   * @param begin first lane
   * @param end behind the last lane, whole vectors behind {@code begin}
   */
  void run(
      int[] rows, float[] factors, int from, float[] b, int width, int begin, int end, float[] c);
}

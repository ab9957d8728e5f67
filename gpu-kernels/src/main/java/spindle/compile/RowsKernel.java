package spindle.compile;

/** Adds some rows of a dense matrix to a vector, a part of which stays in registers. */
public interface RowsKernel {
  /** Vectors of the widest part. */
  int VECTORS = 8;

  /**
   * c[lane] += factors[n] * b[rows[n] * width + lane] for n = from, ... to - 1, each added in one
   * rounding; or, in another class, the sum of these from 0, with 0 for -0, added in one piece.
   *
   * @param rows numbers of rows
   * @param factors one for each place of {@code rows}
   * @param bAt added to the place of every row
   * @param c lane 0 at {@code cAt}
   */
  void run(
      int[] rows,
      float[] factors,
      int from,
      int to,
      float[] b,
      int width,
      int bAt,
      float[] c,
      int cAt);
}

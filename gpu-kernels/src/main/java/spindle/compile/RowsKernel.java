package spindle.compile;

/** Sums some rows of a dense matrix, a part of them in registers. */
public interface RowsKernel {
  /** Vectors of the widest part. */
  int VECTORS = 8;

  /**
   * Adds to c[lane], in one piece, the sum of factors[n] * b[rows[n] * width + lane] for n = from,
   * ... to - 1, each added in one rounding to a sum that begins at 0; one that is -0 counts as 0.
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

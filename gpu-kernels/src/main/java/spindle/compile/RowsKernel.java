package spindle.compile;

/** Sums some rows of a dense matrix, a part of them in registers. */
public interface RowsKernel {
  /** Vectors of the widest class; there is one for each power of two up to this. */
  int VECTORS = 8;

  /**
   * Adds to each vector v of c, in one piece, the sum of factors[n] times the vector of b at bAt +
   * rows[n] * row + v * step for n = from, ... to - 1, each added in one rounding to a sum that
   * begins at 0; one that is -0 counts as 0.
   *
   * @param rows numbers of rows
   * @param factors one for each place of {@code rows}
   * @param row from one row of b to the next
   * @param bAt the first vector of row 0
   * @param step from one vector of a row to the next
   * @param c the first vector at {@code cAt}
   */
  void run(
      int[] rows,
      float[] factors,
      int from,
      int to,
      float[] b,
      int row,
      int bAt,
      int step,
      float[] c,
      int cAt);
}

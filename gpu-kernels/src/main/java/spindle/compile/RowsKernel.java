package spindle.compile;

/** Sums rows of a dense matrix, a part of them in registers. */
public interface RowsKernel {
  /** Strips of the widest class. */
  int STRIPS = 8;

  /** Vectors of a strip, where rows have enough. */
  int VECTORS = 2;

  /**
   * What a class is written for. On a Zen 5 four streams of memory of two cache lines each come
   * sooner than eight of one, or than two or one of more; on a Xeon eight of either come soonest.
   *
   * @param strips side by side
   * @param vectors of each
   * @param all whether the rows are all of a matrix whose strips lie one behind the other, so that
   *     the distance of rows is known and a loop checks no bounds
   */
  record Shape(int strips, int vectors, boolean all) {}

  /**
   * Adds to each vector v of strip s, in one piece, the sum of factors[n] times the vector of b at
   * bAt + rows[n] * row + s * step + v * lanes for n = from, ... to - 1, each added in one rounding
   * to a sum that begins at 0; one that is -0 counts as 0.
   *
   * @param rows numbers of rows; not looked at where all are summed
   * @param factors one for each place of {@code rows}
   * @param row from one row of b to the next; not looked at where all are summed
   * @param bAt the first vector of row 0
   * @param step from one strip to the next
   * @param c the first vector at {@code cAt}, the others behind it
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

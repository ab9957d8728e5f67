package spindle.compile;

/**
 * Adds products to a tile of a dense matrix, which stays in registers.
 *
 * <p>The tile has {@link #ROWS} rows or fewer of one or two vectors; each class has one shape.
 */
public interface TileKernel {
  /** Rows of the largest tile. */
  int ROWS = 8;

  /** Vectors per row of the largest tile. */
  int VECTORS = 2;

  /**
   * c[r, lane] += a[r, k] * b[k, lane] for k = 0, 1, ... {@code depth - 1}, each added in one
   * rounding; or, in another class, the sum of these from 0, with 0 for -0, added in one piece.
   *
   * @param a element (r, k) at {@code aAt + r * aRow + k * aStep}
   * @param b lane 0 of k at {@code bAt + k * bStep}, lanes side by side
   * @param c lane 0 of row r at {@code cAt + r * cRow}, lanes side by side
   */
  void run(
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bStep,
      float[] c,
      int cAt,
      int cRow,
      int depth);
}

package spindle.compile;

/**
 * Adds products to a tile of a dense matrix, which stays in registers.
 *
 * <p>The tile has {@link #ROWS} rows or fewer of two vectors, or {@link Jvm#tallestTile} of one;
 * each class has one shape.
 */
public interface TileKernel {
  /** Rows of the widest tile. */
  int ROWS = 8;

  /** Vectors per row of the widest tile. */
  int VECTORS = 2;

  /**
   * What a class is written for: a stride that it knows costs no check of bounds inside its loop.
   *
   * @param rows of the tile
   * @param vectors per row
   * @param added whether the sums begin at 0 and are added to c in one piece, with 0 for -0
   * @param deep whether the elements of a row of a lie side by side; else those of a column do
   */
  record Shape(int rows, int vectors, boolean added, boolean deep) {}

  /**
   * c[r, lane] += a[r, k] * b[k, lane] for k = 0, 1, ... {@code depth - 1}, each added in one
   * rounding.
   *
   * @param a element (r, k) at {@code aAt + r * aStride + k}, or {@code aAt + k * aStride + r}
   * @param b lane 0 of k at {@code bAt} and k times the lanes of a row, lanes side by side
   * @param c lane 0 of row r at {@code cAt + r * cRow}, lanes side by side
   */
  void run(
      float[] a, int aAt, int aStride, float[] b, int bAt, float[] c, int cAt, int cRow, int depth);
}

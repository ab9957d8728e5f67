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

  /** How the elements of a lie. */
  enum Layout {
    /** Those of a row side by side, rows {@code aStride} apart. */
    ROWS,
    /** Those of a column side by side, columns {@code aStride} apart. */
    COLUMNS,
    /** The same without room between columns; {@code aStride} is not looked at. */
    PACKED
  }

  /**
   * What a class is written for: a stride that it knows costs no check of bounds inside its loop.
   *
   * @param rows of the tile
   * @param vectors per row
   * @param added whether the sums begin at 0 and are added to c in one piece, with 0 for -0
   * @param a how its elements lie
   * @param ahead elements of b that are read ahead for each k
   */
  record Shape(int rows, int vectors, boolean added, Layout a, int ahead) {}

  /**
   * c[r, lane] += a[r, k] * b[k, lane] for k = 0, 1, ... {@code depth - 1}, each added in one
   * rounding.
   *
   * @param a element (r, k) at {@code aAt + r * aStride + k}, or {@code aAt + k * aStride + r}
   * @param b lane 0 of k at {@code bAt} and k times the lanes of a row, lanes side by side
   * @param c lane 0 of row r at {@code cAt + r * cRow}, lanes side by side
   * @param next where b is read ahead, so that it is in the cache when another tile needs it
   * @return of what was read ahead: without a use it would not be read
   */
  int run(
      float[] a,
      int aAt,
      int aStride,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int cRow,
      int depth,
      int next);
}

package spindle.backend.cpu;

import spindle.compile.Jvm;
import spindle.compile.RowsKernel;
import spindle.compile.TileKernel;

/**
 * Dense sums in registers: {@code c[r, lane] += a[r, k] b[k, lane]}, k ascending, each product
 * added in one rounding. So neither the size of tiles nor that of vectors changes a bit.
 */
final class Tiles {
  /** Summands at a time: a panel of b stays in the L1 cache, rows of c are read again for each. */
  private static final int DEPTH = 256;

  private static final int LANES = Jvm.vectorBits().orElse(Float.SIZE) / Float.SIZE;
  private static final TileKernel[][] TILES = tiles();
  private static final RowsKernel WIDE = Jvm.rows(RowsKernel.VECTORS);
  private static final RowsKernel NARROW = Jvm.rows(1);

  /** Rows that are added before the next part of a wide vector: as many streams are prefetched. */
  private static final int STREAMS = 16;

  private final float[] panel = new float[DEPTH * TileKernel.VECTORS * LANES];

  private static TileKernel[][] tiles() {
    var tiles = new TileKernel[TileKernel.ROWS + 1][TileKernel.VECTORS + 1];
    for (int rows = 1; rows <= TileKernel.ROWS; rows *= 2) {
      for (int vectors = 1; vectors <= TileKernel.VECTORS; vectors++) {
        tiles[rows][vectors] = Jvm.tile(rows, vectors);
      }
    }
    return tiles;
  }

  /**
   * Part of a matrix in an array: element (r, k) at {@code at + r * row + k * step}.
   *
   * @param row from one row to the next
   * @param step from one element of a row to the next
   */
  record Part(float[] values, int at, int row, int step) {
    float element(int r, int k) {
      return values[at + r * row + k * step];
    }
  }

  /**
   * c += a b for all k.
   *
   * @param a rows {@code [from, to)} are used
   * @param b {@code columns} side by side for each k
   * @param c as many columns per row
   */
  void multiply(Part a, int from, int to, Part b, int columns, int depth, Part c) {
    int wide = TileKernel.VECTORS * LANES;
    for (int k = 0; k < depth; k += DEPTH) {
      int count = Math.min(DEPTH, depth - k);
      int column = 0;
      for (; column + wide <= columns; column += wide) {
        band(a, from, to, packed(b, k, count, column, wide), 2, k, count, shifted(c, column));
      }
      for (; column + LANES <= columns; column += LANES) {
        band(a, from, to, packed(b, k, count, column, LANES), 1, k, count, shifted(c, column));
      }
      for (; column < columns; column++) {
        single(a, from, to, b, column, k, count, c);
      }
    }
  }

  private static Part shifted(Part c, int column) {
    return new Part(c.values(), c.at() + column, c.row(), c.step());
  }

  private Part packed(Part b, int k, int count, int column, int width) {
    for (int n = 0; n < count; n++) {
      System.arraycopy(b.values(), b.at() + (k + n) * b.row() + column, panel, n * width, width);
    }
    return new Part(panel, 0, width, 1);
  }

  /** One or two vectors of all rows. */
  private static void band(
      Part a, int from, int to, Part b, int vectors, int k, int count, Part c) {
    int rows = TileKernel.ROWS;
    for (int r = from; r < to; r += rows) {
      while (rows > to - r) {
        rows /= 2;
      }
      TILES[rows][vectors].run(
          a.values(),
          a.at() + r * a.row() + k * a.step(),
          a.row(),
          a.step(),
          b.values(),
          b.at(),
          b.row(),
          c.values(),
          c.at() + r * c.row(),
          c.row(),
          count);
    }
  }

  private static void single(
      Part a, int from, int to, Part b, int column, int k, int count, Part c) {
    for (int r = from; r < to; r++) {
      int at = c.at() + r * c.row() + column;
      float sum = c.values()[at];
      for (int n = k; n < k + count; n++) {
        sum = Math.fma(a.element(r, n), b.values()[b.at() + n * b.row() + column], sum);
      }
      c.values()[at] = sum;
    }
  }

  /**
   * Rows to add, and what by.
   *
   * @param numbers of the rows, ascending
   * @param factors beside them
   */
  record Picked(int[] numbers, float[] factors, int from, int to) {}

  /** c[lane] += factor b[row, lane] for picked rows, in order, lanes {@code [begin, end)}. */
  static void add(Picked rows, float[] b, int width, int begin, int end, float[] c, int cAt) {
    int wide = RowsKernel.VECTORS * LANES;
    for (int from = rows.from(); from < rows.to(); from += STREAMS) {
      int to = Math.min(rows.to(), from + STREAMS);
      int lane = begin;
      for (; lane + wide <= end; lane += wide) {
        WIDE.run(rows.numbers(), rows.factors(), from, to, b, width, lane, c, cAt + lane);
      }
      for (; lane + LANES <= end; lane += LANES) {
        NARROW.run(rows.numbers(), rows.factors(), from, to, b, width, lane, c, cAt + lane);
      }
      for (int n = from; n < to && lane < end; n++) {
        float factor = rows.factors()[n];
        int row = rows.numbers()[n] * width;
        for (int rest = lane; rest < end; rest++) {
          c[cAt + rest] = Math.fma(factor, b[row + rest], c[cAt + rest]);
        }
      }
    }
  }

  /** to[column, row] = from[row, column], four columns at a time: as many streams are written. */
  static void transpose(float[] from, int rows, int columns, float[] to) {
    int c = 0;
    for (; c + 4 <= columns; c += 4) {
      int to0 = c * rows;
      int to1 = to0 + rows;
      int to2 = to1 + rows;
      int to3 = to2 + rows;
      for (int r = 0; r < rows; r++) {
        int at = r * columns + c;
        to[to0 + r] = from[at];
        to[to1 + r] = from[at + 1];
        to[to2 + r] = from[at + 2];
        to[to3 + r] = from[at + 3];
      }
    }
    for (; c < columns; c++) {
      for (int r = 0; r < rows; r++) {
        to[c * rows + r] = from[r * columns + c];
      }
    }
  }
}

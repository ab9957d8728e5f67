package spindle.backend.cpu;

import java.util.Arrays;
import spindle.compile.Jvm;
import spindle.compile.RowsKernel;
import spindle.compile.TileKernel;

/**
 * Dense sums in registers: {@code c[r, lane] += a[r, k] b[k, lane]}, k ascending, each product
 * added in one rounding. So neither the size of tiles nor that of vectors changes a bit.
 */
final class Tiles {
  /**
   * Summands at a time: a panel of b, read once for every tile, stays in the L2 cache, and rows of
   * a are read in pieces long enough to be fetched ahead.
   */
  private static final int DEPTH = 1024;

  private static final int LANES = Jvm.vectorBits().orElse(Float.SIZE) / Float.SIZE;
  private static final Kernels ONTO = new Kernels(false);
  private static final Kernels ADDED = new Kernels(true);
  private static final RowsKernel WIDE = Jvm.rows(RowsKernel.VECTORS, false);
  private static final RowsKernel NARROW = Jvm.rows(1, false);
  private static final RowsKernel WIDE_ADDED = Jvm.rows(RowsKernel.VECTORS, true);
  private static final RowsKernel NARROW_ADDED = Jvm.rows(1, true);

  /** Rows together in a transposition: their lines stay in the L1 cache. */
  private static final int BLOCK = 64;

  /** Rows that are added before the next part of a wide vector: as many streams are prefetched. */
  private static final int STREAMS = 16;

  private float[] packed = new float[DEPTH * TileKernel.VECTORS * LANES];
  private final float[] narrow = new float[TileKernel.ROWS * LANES];

  /** Kernels of every shape, each written when it is first needed. */
  private static final class Kernels {
    private static final int SHAPES = TileKernel.VECTORS + 1;

    private final boolean added;
    private final TileKernel[] known = new TileKernel[2 * SHAPES * (TileKernel.ROWS + 1)];

    Kernels(boolean added) {
      this.added = added;
    }

    TileKernel of(int rows, int vectors, Part a) {
      boolean deep = a.step() == 1;
      int at = (rows * SHAPES + vectors) * 2 + (deep ? 1 : 0);
      if (known[at] == null) {
        known[at] = Jvm.tile(new TileKernel.Shape(rows, vectors, added, deep));
      }
      return known[at];
    }
  }

  /**
   * Part of a matrix in an array: element (r, k) at {@code at + r * row + k * step}.
   *
   * @param row from one row to the next
   * @param step from one element of a row to the next
   */
  record Part(float[] values, int at, int row, int step) {}

  /** Sums of rows of a times columns of b go to c, by kernels of each shape. */
  private record Sums(Part a, Part c, Kernels kernels) {
    /** Some rows of a panel; those of c lie in {@code to}. */
    void run(Panel p, int r, int rows, Part to) {
      kernels
          .of(rows, p.vectors(), a)
          .run(
              a.values(),
              a.at() + r * a.row() + p.k() * a.step(),
              a.step() == 1 ? a.row() : a.step(),
              p.values(),
              to.values(),
              to.at(),
              to.row(),
              p.count());
    }
  }

  /**
   * Columns of b side by side, one or two vectors for each summand.
   *
   * @param column the first
   * @param width how many, the rest of the vector is 0
   * @param k first summand
   * @param count of summands
   */
  private record Panel(float[] values, int column, int width, int k, int count) {
    int vectors() {
      return (width + LANES - 1) / LANES;
    }
  }

  /**
   * c += a b for all k.
   *
   * @param a rows {@code [from, to)} are used; the elements of a row or of a column are neighbours
   * @param b {@code columns} side by side for each k
   * @param c as many columns per row
   */
  void multiply(Part a, int from, int to, Part b, int columns, int depth, Part c) {
    var sums = new Sums(a, c, ONTO);
    for (int k = 0; k < depth; k += DEPTH) {
      int count = Math.min(DEPTH, depth - k);
      for (int column = 0; column < columns; column += width(columns - column)) {
        band(sums, packed(b, column, width(columns - column), k, count), from, to);
      }
    }
  }

  /**
   * Adds sums to c, each in one piece; one that underflowed to -0 counts as 0.
   *
   * @param a rows of c in blocks
   * @param blocks each begins at such a row and has as many rows as the largest tile, if there are
   * @param b {@code columns} side by side for each k
   */
  void add(Part a, Blocks blocks, Part b, int columns, int depth, Part c) {
    var sums = new Sums(a, c, ADDED);
    for (int column = 0; column < columns; column += width(columns - column)) {
      Panel panel = packed(b, column, width(columns - column), 0, depth);
      for (int n = 0; n < blocks.count(); n++) {
        int from = blocks.starts()[n];
        band(sums, panel, from, Math.min(blocks.end(), from + TileKernel.ROWS));
      }
    }
  }

  /**
   * Blocks of rows.
   *
   * @param end behind the last row there is
   */
  record Blocks(int[] starts, int count, int end) {}

  /** Columns of the next panel: two vectors, one, or what is left. */
  private static int width(int left) {
    return left >= TileKernel.VECTORS * LANES ? TileKernel.VECTORS * LANES : Math.min(left, LANES);
  }

  private Panel packed(Part b, int column, int width, int k, int count) {
    int stride = width > LANES ? TileKernel.VECTORS * LANES : LANES;
    if (packed.length < count * stride) {
      packed = new float[count * TileKernel.VECTORS * LANES];
    }
    for (int n = 0; n < count; n++) {
      int from = b.at() + (k + n) * b.row() + column;
      System.arraycopy(b.values(), from, packed, n * stride, width);
      if (width < stride) {
        Arrays.fill(packed, n * stride + width, (n + 1) * stride, 0);
      }
    }
    return new Panel(packed, column, width, k, count);
  }

  private void band(Sums s, Panel p, int from, int to) {
    int rows = TileKernel.ROWS;
    Part c = s.c();
    for (int r = from; r < to; r += rows) {
      while (rows > to - r) {
        rows /= 2;
      }
      int at = c.at() + r * c.row() + p.column();
      if (p.width() % LANES == 0) {
        s.run(p, r, rows, new Part(c.values(), at, c.row(), 1));
      } else {
        copy(rows, p.width(), c.values(), at, c.row(), narrow, 0, LANES);
        s.run(p, r, rows, new Part(narrow, 0, LANES, 1));
        copy(rows, p.width(), narrow, 0, LANES, c.values(), at, c.row());
      }
    }
  }

  private static void copy(
      int rows, int width, float[] from, int at, int row, float[] to, int toAt, int toRow) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(from, at + r * row, to, toAt + r * toRow, width);
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

  /**
   * Adds, for each lane of {@code [0, width)}, the sum over picked rows in one piece; one that
   * underflowed to -0 counts as 0.
   */
  static void addSums(Picked rows, float[] b, int width, float[] c, int cAt) {
    int wide = RowsKernel.VECTORS * LANES;
    int lane = 0;
    for (; lane + wide <= width; lane += wide) {
      WIDE_ADDED.run(
          rows.numbers(), rows.factors(), rows.from(), rows.to(), b, width, lane, c, cAt + lane);
    }
    for (; lane + LANES <= width; lane += LANES) {
      NARROW_ADDED.run(
          rows.numbers(), rows.factors(), rows.from(), rows.to(), b, width, lane, c, cAt + lane);
    }
    for (; lane < width; lane++) {
      float sum = 0;
      for (int n = rows.from(); n < rows.to(); n++) {
        sum = Math.fma(rows.factors()[n], b[rows.numbers()[n] * width + lane], sum);
      }
      c[cAt + lane] += sum + 0f;
    }
  }

  /** to[column, row] = from[row, column], four columns at a time: as many streams are written. */
  static void transpose(float[] from, int rows, int columns, float[] to) {
    for (int row = 0; row < rows; row += BLOCK) {
      int end = Math.min(rows, row + BLOCK);
      int c = 0;
      for (; c + 4 <= columns; c += 4) {
        int to0 = c * rows;
        int to1 = to0 + rows;
        int to2 = to1 + rows;
        int to3 = to2 + rows;
        for (int r = row; r < end; r++) {
          int at = r * columns + c;
          to[to0 + r] = from[at];
          to[to1 + r] = from[at + 1];
          to[to2 + r] = from[at + 2];
          to[to3 + r] = from[at + 3];
        }
      }
      for (; c < columns; c++) {
        for (int r = row; r < end; r++) {
          to[c * rows + r] = from[r * columns + c];
        }
      }
    }
  }
}

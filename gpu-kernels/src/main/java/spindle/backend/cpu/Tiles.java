package spindle.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import spindle.compile.AxpyKernel;
import spindle.compile.Jvm;
import spindle.compile.PackKernel;
import spindle.compile.TileKernel;

/**
 * Dense sums in registers: {@code c[r, lane] += a[r, k] b[k, lane]}, k ascending, each product
 * added in one rounding. So neither the size of tiles nor that of vectors changes a bit.
 */
final class Tiles {
  /**
   * Elements of b that are packed at a time: they stay in the L2 cache, read once for every tile,
   * and the longer the pieces of rows that are read, the sooner memory delivers them.
   */
  private static final int ROOM = 1 << 17;

  /** Columns of b together: rows of a are read once for all of them. */
  private static final int COLUMNS = 1024;

  /** Elements of a vector. */
  static final int LANES = Jvm.vectorBits().orElse(Float.SIZE) / Float.SIZE;

  private static final int WIDEST = TileKernel.VECTORS * LANES;

  /** Rows of the tallest tile. */
  private static final int TALLEST = Jvm.tallestTile();

  /** Rows that are added to panel by panel: whole tiles of every shape. */
  private static final int TOGETHER = TALLEST % TileKernel.ROWS == 0 ? TALLEST : 2 * TALLEST;

  /** Their sums begin with what c holds. */
  private static final Kernels ONTO = new Kernels(false);

  private static final Kernels ADDED = new Kernels(true);

  private static final PackKernel PACK = Jvm.pack();

  /** Rows of a multiple of so many elements meet in few sets of the L1 cache: fewer together. */
  private static final int SET = 256;

  /** One for each power of two. */
  private static final AxpyKernel[] AXPY = new AxpyKernel[1 + log(AxpyKernel.ROWS)];

  static {
    Arrays.setAll(AXPY, i -> Jvm.axpy(1 << i));
  }

  /** Rows together in a transposition: their lines stay in the L1 cache. */
  private static final int BLOCK = 64;

  private final List<Panel> panels = new ArrayList<>();
  private float[] packed = new float[0];
  private final float[] narrow = new float[TALLEST * LANES];

  private static int log(int powerOfTwo) {
    return Integer.numberOfTrailingZeros(powerOfTwo);
  }

  /** Kernels of every shape, each written when it is first needed. */
  private static final class Kernels {
    private static final int SHAPES = TileKernel.VECTORS + 1;

    private final boolean added;
    private final TileKernel[] known = new TileKernel[2 * SHAPES * (TALLEST + 1)];

    Kernels(boolean added) {
      this.added = added;
    }

    TileKernel of(int rows, int vectors, boolean deep) {
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
    void run(float[] packed, Panel p, int r, int rows, Part to) {
      kernels
          .of(rows, p.vectors(), a.step() == 1)
          .run(
              a.values(),
              a.at() + r * a.row() + p.k() * a.step(),
              a.step() == 1 ? a.row() : a.step(),
              packed,
              p.at(),
              to.values(),
              to.at(),
              to.row(),
              p.count());
    }
  }

  /**
   * Columns of b side by side, one or two vectors for each summand.
   *
   * @param at the first element
   * @param column the first
   * @param width how many, the rest of the vector is 0
   * @param k first summand
   * @param count of summands
   */
  private record Panel(int at, int column, int width, int k, int count) {
    int vectors() {
      return (width + LANES - 1) / LANES;
    }

    int stride() {
      return vectors() * LANES;
    }

    /** Of its largest tile. */
    int rows() {
      return vectors() == 1 ? TALLEST : TileKernel.ROWS;
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
    // Where both stay in the cache no memory is waited for: all at once, panel by panel.
    boolean near = (long) Math.max(to - from, columns) * depth <= 2 * ROOM;
    int group = near ? columns : COLUMNS;
    int together = near ? to - from : TOGETHER;
    for (int column = 0; column < columns; column += group) {
      int width = Math.min(group, columns - column);
      int most = near ? depth : ROOM / Math.max(width, LANES);
      for (int k = 0; k < depth; k += most) {
        pack(b, new Range(column, column + width), new Range(k, Math.min(depth, k + most)));
        for (int r = from; r < to; r += together) {
          band(sums, r, Math.min(to, r + together));
        }
      }
    }
  }

  private record Range(int from, int to) {}

  /**
   * Adds sums to c, each in one piece; one that underflowed to -0 counts as 0.
   *
   * @param a rows of c in blocks
   * @param blocks each begins at such a row and has as many rows as the widest tile, if there are
   * @param b {@code columns} side by side for each k
   */
  void add(Part a, Blocks blocks, Part b, int columns, int depth, Part c) {
    var sums = new Sums(a, c, ADDED);
    int most = Math.max(ROOM / Math.max(depth, 1) / WIDEST, 1) * WIDEST;
    for (int column = 0; column < columns; column += most) {
      pack(b, new Range(column, Math.min(columns, column + most)), new Range(0, depth));
      for (int n = 0; n < blocks.count(); n++) {
        int from = blocks.starts()[n];
        band(sums, from, Math.min(blocks.end(), from + TileKernel.ROWS));
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
    return left >= WIDEST ? WIDEST : Math.min(left, LANES);
  }

  /** Fills the panels, row of b by row. */
  private void pack(Part b, Range columns, Range k) {
    int count = k.to() - k.from();
    int end = 0;
    panels.clear();
    for (int column = columns.from(); column < columns.to(); ) {
      int width = width(columns.to() - column);
      var panel = new Panel(end, column, width, k.from(), count);
      panels.add(panel);
      end += panel.stride() * count + LANES; // not to meet the one before in the cache
      column += width;
    }
    if (packed.length < end) {
      packed = new float[end];
    }
    int whole = (columns.to() - columns.from()) / WIDEST;
    for (int n = 0; n < count; n++) {
      int row = b.at() + (k.from() + n) * b.row();
      PACK.run(b.values(), row + columns.from(), whole, packed, n * WIDEST, WIDEST * count + LANES);
      for (int p = whole; p < panels.size(); p++) {
        pack(b.values(), row, panels.get(p), n);
      }
    }
  }

  private void pack(float[] b, int row, Panel p, int n) {
    int at = p.at() + n * p.stride();
    System.arraycopy(b, row + p.column(), packed, at, p.width());
    Arrays.fill(packed, at + p.width(), at + p.stride(), 0);
  }

  /** Adds to some rows, panel by panel. */
  private void band(Sums s, int from, int to) {
    for (int p = 0; p < panels.size(); p++) {
      int rows = to - from < panels.get(p).rows() ? TileKernel.ROWS : panels.get(p).rows();
      for (int r = from; r < to; r += rows) {
        while (rows > to - r) {
          rows /= 2;
        }
        tile(s, panels.get(p), r, rows);
      }
    }
  }

  private void tile(Sums s, Panel p, int r, int rows) {
    Part c = s.c();
    var to = new Part(c.values(), c.at() + r * c.row() + p.column(), c.row(), 1);
    if (p.width() == p.stride()) {
      s.run(packed, p, r, rows, to);
    } else {
      var whole = new Part(narrow, 0, LANES, 1);
      copy(to, rows, p.width(), whole);
      s.run(packed, p, r, rows, whole);
      copy(whole, rows, p.width(), to);
    }
  }

  /** to[row, column] = from[row, column] of parts whose elements of a row are neighbours. */
  static void copy(Part a, int rows, int columns, Part b) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(a.values(), a.at() + r * a.row(), b.values(), b.at() + r * b.row(), columns);
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
  static void add(Picked rows, float[] b, int width, int begin, int end, float[] c) {
    int whole = begin + (end - begin) / LANES * LANES;
    int together = width % SET == 0 ? AxpyKernel.ROWS / 2 : AxpyKernel.ROWS;
    for (int n = rows.from(); n < rows.to(); n += together) {
      while (together > rows.to() - n) {
        together /= 2;
      }
      AXPY[log(together)].run(rows.numbers(), rows.factors(), n, b, width, begin, whole, c);
    }
    for (int n = rows.from(); n < rows.to() && whole < end; n++) {
      float factor = rows.factors()[n];
      int row = rows.numbers()[n] * width;
      for (int lane = whole; lane < end; lane++) {
        c[lane] = Math.fma(factor, b[row + lane], c[lane]);
      }
    }
  }

  /** to[column, row] = from[row, column]. */
  static void transpose(float[] from, int rows, int columns, float[] to) {
    transpose(new Part(from, 0, columns, 1), rows, columns, new Part(to, 0, rows, 1));
  }

  /**
   * The same of parts whose elements of a row are neighbours, four columns at a time: as many
   * streams are written.
   */
  static void transpose(Part a, int rows, int columns, Part b) {
    float[] from = a.values();
    float[] to = b.values();
    for (int row = 0; row < rows; row += BLOCK) {
      int end = Math.min(rows, row + BLOCK);
      int c = 0;
      for (; c + 4 <= columns; c += 4) {
        int to0 = b.at() + c * b.row();
        int to1 = to0 + b.row();
        int to2 = to1 + b.row();
        int to3 = to2 + b.row();
        for (int r = row; r < end; r++) {
          int at = a.at() + r * a.row() + c;
          to[to0 + r] = from[at];
          to[to1 + r] = from[at + 1];
          to[to2 + r] = from[at + 2];
          to[to3 + r] = from[at + 3];
        }
      }
      for (; c < columns; c++) {
        for (int r = row; r < end; r++) {
          to[b.at() + c * b.row() + r] = from[a.at() + r * a.row() + c];
        }
      }
    }
  }
}

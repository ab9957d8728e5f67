package spindle.backend.cpu;

import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;
import spindle.compile.Jvm;
import spindle.compile.RowsKernel;
import spindle.compile.RowsKernel.Shape;

/**
 * Sums of rows of a dense matrix, some strips of its columns side by side in registers. Each is
 * added to c in one piece; one that underflowed to -0 counts as 0.
 */
final class RowSums {
  /** Columns of a strip. */
  static final int STRIP = RowsKernel.VECTORS * Tiles.LANES;

  private static final RowsKernel[] PICKED = new RowsKernel[1 + RowsKernel.STRIPS];
  private static final RowsKernel[] ALL = new RowsKernel[PICKED.length];

  /** A vector that is left over. */
  private static final class Left {
    private static final RowsKernel VECTOR = Jvm.rows(new Shape(1, 1, false));
  }

  private static final int[] NOT_LOOKED_AT = {};

  /**
   * Strips of a matrix.
   *
   * @param b its elements are strips
   * @param side so many are read side by side
   * @param back whether they come from the last to the first
   */
  record Strips(Part b, int count, int side, boolean back) {
    /** Elements from which they are farther than the L3 cache: 128 MiB. */
    private static final long FAR = 1 << 25;

    /** Side by side up to there: wider kernels take twice as long until they are compiled. */
    private static final int NEAR_SIDE = 4;

    /** From the first to the last. */
    static Strips of(Part b, int count) {
      int side = (long) count * b.step() < FAR ? NEAR_SIDE : RowsKernel.STRIPS;
      return new Strips(b, count, side, false);
    }

    /** The other way. */
    Strips turned() {
      return new Strips(b, count, side, !back);
    }
  }

  private RowSums() {}

  /** Strips that hold so many columns, the last not always full. */
  static int strips(int columns) {
    return -Math.floorDiv(-columns, STRIP);
  }

  /**
   * Adds to each of {@code width} columns of c its sum over picked rows of b, that wide.
   *
   * @param c column 0 at {@code cAt}
   */
  static void add(Picked rows, float[] b, int width, float[] c, int cAt) {
    int strips = width / STRIP;
    add(rows, Strips.of(new Part(b, 0, width, STRIP), strips), c, cAt);
    int column = strips * STRIP;
    for (; column + Tiles.LANES <= width; column += Tiles.LANES) {
      run(Left.VECTOR, rows, new Part(b, column, width, 0), c, cAt + column);
    }
    for (; column < width; column++) {
      float sum = 0;
      for (int n = rows.from(); n < rows.to(); n++) {
        sum = Math.fma(rows.factors()[n], b[rows.numbers()[n] * width + column], sum);
      }
      c[cAt + column] += sum + 0f;
    }
  }

  /** The same of whole strips. */
  static void add(Picked rows, Strips strips, float[] c, int cAt) {
    add(false, rows, strips, c, cAt);
  }

  /**
   * The same of all rows of strips, which are as wide as a strip.
   *
   * @param factors one for each row
   */
  static void addAll(float[] factors, int rows, Strips strips, float[] c, int cAt) {
    add(true, new Picked(NOT_LOOKED_AT, factors, 0, rows), strips, c, cAt);
  }

  private static void add(boolean all, Picked rows, Strips strips, float[] c, int cAt) {
    Part b = strips.b();
    int last = (strips.count() - 1) / strips.side();
    for (int n = 0; n <= last; n++) {
      int s = (strips.back() ? last - n : n) * strips.side();
      RowsKernel kernel = kernel(Math.min(strips.side(), strips.count() - s), all);
      var some = new Part(b.values(), b.at() + s * b.step(), b.row(), b.step());
      run(kernel, rows, some, c, cAt + s * STRIP);
    }
  }

  private static void run(RowsKernel kernel, Picked rows, Part b, float[] c, int cAt) {
    kernel.run(
        rows.numbers(),
        rows.factors(),
        rows.from(),
        rows.to(),
        b.values(),
        b.row(),
        b.at(),
        b.step(),
        c,
        cAt);
  }

  /** Each is written when it is first needed. */
  private static RowsKernel kernel(int strips, boolean all) {
    RowsKernel[] known = all ? ALL : PICKED;
    if (known[strips] == null) {
      known[strips] = Jvm.rows(new Shape(strips, RowsKernel.VECTORS, all));
    }
    return known[strips];
  }
}

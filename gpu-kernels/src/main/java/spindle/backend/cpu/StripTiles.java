package spindle.backend.cpu;

import java.util.Arrays;
import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;
import spindle.compile.Jvm;
import spindle.compile.TileKernel;

/**
 * Products of a batch with weights in strips: targets in the lanes, some members at a time, so that
 * a weight is read once for all of them and none is packed.
 */
final class StripTiles {
  /** Members whose sources stay in the L2 cache: strips are read once for so many. */
  private static final int MEMBERS = 64;

  /** Sources of a strip that stay in the L2 cache. */
  private static final int DEPTH = 2048;

  private static final TileKernel[] KERNELS = new TileKernel[1 + TileKernel.ROWS];

  private final float[] x;
  private final int sources;
  private final int batch;

  /** Some members side by side, source by source, then the next. */
  private final float[] packed;

  /** Sums of a strip, member by member. */
  private final float[] sums;

  /**
   * Makes room.
   *
   * @param x {@code batch} elements per source
   */
  StripTiles(float[] x, int sources, int batch) {
    this.x = x;
    this.sources = sources;
    this.batch = batch;
    int members = Math.min(MEMBERS, batch);
    this.packed = new float[members * sources];
    this.sums = new float[members * RowSums.STRIP];
  }

  /**
   * Writes the products with some targets.
   *
   * @param strips its elements are strips
   * @param c {@code batch} elements per target
   * @param from first target, at the begin of a strip
   * @param to target behind the last
   */
  void multiply(Part strips, float[] c, int from, int to) {
    for (int first = 0; first < batch; first += MEMBERS) {
      int members = Math.min(MEMBERS, batch - first);
      pack(first, members);
      for (int target = from; target < to; target += RowSums.STRIP) {
        int at = strips.at() + (target - from) / RowSums.STRIP * strips.step();
        Arrays.fill(sums, 0, members * RowSums.STRIP, 0);
        for (int k = 0; k < sources; k += DEPTH) {
          add(strips.values(), at, k, members);
        }
        Tiles.transpose(
            new Part(sums, 0, RowSums.STRIP, 1),
            members,
            Math.min(RowSums.STRIP, to - target),
            new Part(c, target * batch + first, batch, 1));
      }
    }
  }

  private void pack(int first, int members) {
    int whole = members / TileKernel.ROWS * TileKernel.ROWS;
    for (int m = 0; m < whole; m += TileKernel.ROWS) {
      int to = m * sources;
      int from = first + m;
      for (int k = 0; k < sources; k++, from += batch, to += TileKernel.ROWS) {
        for (int i = 0; i < TileKernel.ROWS; i++) { // known, so that it is no loop
          packed[to + i] = x[from + i];
        }
      }
    }
    int to = whole * sources;
    for (int k = 0; k < sources; k++) {
      for (int m = whole; m < members; m++) {
        packed[to++] = x[k * batch + first + m];
      }
    }
  }

  /** Adds what sources from k on contribute to a strip. */
  private void add(float[] weights, int strip, int k, int members) {
    int count = Math.min(DEPTH, sources - k);
    for (int m = 0; m < members; m += TileKernel.ROWS) {
      int rows = Math.min(TileKernel.ROWS, members - m);
      kernel(rows)
          .run(
              packed,
              m * sources + k * rows,
              rows,
              weights,
              strip + k * RowSums.STRIP,
              sums,
              m * RowSums.STRIP,
              RowSums.STRIP,
              count);
    }
  }

  /** Each is written when it is first needed. */
  private static TileKernel kernel(int rows) {
    if (KERNELS[rows] == null) {
      KERNELS[rows] = Jvm.tile(new TileKernel.Shape(rows, TileKernel.VECTORS, false, false));
    }
    return KERNELS[rows];
  }

  /** The same products member by member, without the sources that are 0. */
  Runnable exact(Part strips, float[] c, int from, int to) {
    int count = -Math.floorDiv(from - to, RowSums.STRIP);
    var member = new float[sources];
    var numbers = new int[sources];
    var factors = new float[sources];
    var products = new float[count * RowSums.STRIP];
    return () -> {
      for (int m = 0; m < batch; m++) {
        for (int k = 0; k < sources; k++) {
          member[k] = x[k * batch + m];
        }
        int nonzero = Dense.nonzero(member, sources, numbers, factors);
        Arrays.fill(products, 0);
        RowSums.add(new Picked(numbers, factors, 0, nonzero), strips, count, products, 0);
        for (int target = from; target < to; target++) {
          c[target * batch + m] = products[target - from];
        }
      }
    };
  }
}

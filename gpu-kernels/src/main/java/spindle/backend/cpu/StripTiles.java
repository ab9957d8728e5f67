package spindle.backend.cpu;

import java.util.Arrays;
import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;
import spindle.compile.TileKernel;

/**
 * Products of a batch with weights in strips: targets in the lanes, some members at a time, so that
 * no weight is packed.
 */
final class StripTiles {
  /** Members that are multiplied by a strip at once. */
  private static final int MEMBERS = 64;

  /** Sources of a strip that stay in the L2 cache while members are multiplied. */
  private static final int NEAR = 2048;

  /** Sources whose members are packed at once: few enough for the L3 cache. */
  private static final int PACKED = 4 * NEAR;

  private final float[] x;
  private final float[] c;
  private final int sources;
  private final int batch;

  /** Its elements are strips. */
  private final Part strips;

  /** First target, at the beginning of a strip, and the one behind the last. */
  private final int from;

  private final int to;

  /** Members of a tile side by side, source by source, then the next tile. */
  private final float[] packed;

  /** Sums of a strip, member by member. */
  private final float[] sums;

  private StripTiles(Matrix.Sum s, int sources, Part strips, int from, int to) {
    this.x = (float[]) s.x();
    this.c = (float[]) s.target();
    this.sources = sources;
    this.batch = s.batch();
    this.strips = strips;
    this.from = from;
    this.to = to;
    int members = Math.min(MEMBERS, batch);
    this.packed = new float[members * Math.min(PACKED, sources)];
    this.sums = new float[members * RowSums.STRIP];
  }

  /**
   * Adds a product to targets that are 0.
   *
   * @param strips its elements are strips, the first begins with target {@code from}
   */
  static Runnable product(Matrix.Sum s, int sources, Part strips, int from, int to) {
    var tiles = new StripTiles(s, sources, strips, from, to);
    return new Guarded(
        tiles::multiply, tiles.exact(), s.target(), from * s.batch(), to * s.batch());
  }

  private void multiply() {
    int groups = (batch + MEMBERS - 1) / MEMBERS;
    for (int g = 0; g < groups; g++) {
      int first = begin(batch, g, groups);
      int members = begin(batch, g + 1, groups) - first;
      for (int k = 0; k < sources; k += PACKED) {
        multiply(first, members, k, Math.min(PACKED, sources - k));
      }
    }
  }

  /** Where a part begins of which all are about as large. */
  private static int begin(int count, int part, int parts) {
    return (int) ((long) count * part / parts);
  }

  private static int tiles(int members) {
    return (members + TileKernel.ROWS - 1) / TileKernel.ROWS;
  }

  /** The first member of a tile. */
  private static int first(int tile, int members) {
    return begin(members, tile, tiles(members));
  }

  /** Adds what so many sources from k on contribute to some members. */
  private void multiply(int first, int members, int k, int count) {
    for (int t = 0; t < tiles(members); t++) {
      int m = first(t, members);
      pack(k * batch + first + m, first(t + 1, members) - m, m * count, count);
    }
    for (int target = from; target < to; target += RowSums.STRIP) {
      int width = Math.min(RowSums.STRIP, to - target);
      int at = target * batch + first;
      if (k == 0) {
        Arrays.fill(sums, 0);
      } else {
        Tiles.transpose(
            new Part(c, at, batch, 1), width, members, new Part(sums, 0, RowSums.STRIP, 1));
      }
      int strip = strips.at() + (target - from) / RowSums.STRIP * strips.step();
      for (int near = 0; near < count; near += NEAR) {
        add(strip + (k + near) * RowSums.STRIP, members, near, count);
      }
      put(at, width, members);
    }
  }

  /** Packs the members of a tile. */
  private void pack(int begin, int rows, int into, int count) {
    if (rows == TileKernel.ROWS) {
      for (int k = 0; k < count; k++) {
        int at = begin + k * batch;
        int to = into + k * TileKernel.ROWS;
        for (int m = 0; m < TileKernel.ROWS; m++) { // so many are no loop
          packed[to + m] = x[at + m];
        }
      }
      return;
    }
    for (int k = 0; k < count; k++) {
      for (int m = 0; m < rows; m++) {
        packed[into + k * rows + m] = x[begin + k * batch + m];
      }
    }
  }

  /**
   * Adds what some of the packed sources contribute to a strip.
   *
   * @param at the first of them in the strip
   * @param first of them
   * @param count how many sources are packed
   */
  private void add(int at, int members, int first, int count) {
    for (int t = 0; t < tiles(members); t++) {
      int m = first(t, members);
      int rows = first(t + 1, members) - m;
      Tiles.ONTO
          .of(rows, RowSums.STRIP / Tiles.LANES, false)
          .run(
              packed,
              m * count + first * rows,
              rows,
              strips.values(),
              at,
              sums,
              m * RowSums.STRIP,
              RowSums.STRIP,
              Math.min(NEAR, count - first));
    }
  }

  /** Writes the sums of a strip to their targets. */
  private void put(int at, int width, int members) {
    int m = 0;
    for (; m + TileKernel.ROWS <= members; m += TileKernel.ROWS) {
      for (int lane = 0; lane < width; lane++) {
        int from = m * RowSums.STRIP + lane;
        int to = at + lane * batch + m;
        for (int i = 0; i < TileKernel.ROWS; i++) { // so many are no loop
          c[to + i] = sums[from + i * RowSums.STRIP];
        }
      }
    }
    for (; m < members; m++) {
      for (int lane = 0; lane < width; lane++) {
        c[at + lane * batch + m] = sums[m * RowSums.STRIP + lane];
      }
    }
  }

  /** The same product member by member, without the sources that are 0. */
  private Runnable exact() {
    int count = RowSums.strips(to - from);
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

package spindle.backend.cpu;

import java.util.Arrays;
import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;
import spindle.compile.Jvm;
import spindle.compile.StripKernel;

/**
 * Products of a batch with weights in strips: targets in the lanes, some members at a time, so that
 * no weight is packed.
 */
final class StripTiles {
  /** Members that are multiplied by a strip at once. */
  private static final int MEMBERS = 64;

  /** Floats that stay in the L2 cache: weights of two strips and the members of their sources. */
  private static final int NEAR = 160 * 1024;

  /** Sources whose members are packed at once: few enough for the L3 cache. */
  private static final int PACKED = 8192;

  private final float[] x;
  private final float[] c;
  private final int sources;
  private final int batch;

  /** Its elements are strips. */
  private final Part strips;

  /** First target, at the beginning of a strip, and the one behind the last. */
  private final int from;

  private final int to;
  private final Group[] groups;

  /** Members of a tile side by side, source by source, then the next tile. */
  private final float[] packed;

  /** Sums of a strip, member by member. */
  private final float[] sums;

  /** 0, or NaN where a sum was not finite. */
  private final float[] zeros;

  /** Of weights that were read ahead: a read whose value goes nowhere is left out by compilers. */
  @SuppressWarnings("UnusedVariable")
  private int seen;

  /**
   * Members that are multiplied by a strip at once, from the first on.
   *
   * @param ahead weights that each tile reads ahead per source; a single one half of what it needs
   */
  private record Group(int first, int members, Tile[] tiles, int ahead) {}

  /** Members in registers, from one of its group on. */
  private record Tile(int first, int rows, StripKernel kernel) {}

  private StripTiles(Matrix.Sum s, int sources, Part strips, int from, int to) {
    this.x = (float[]) s.x();
    this.c = (float[]) s.target();
    this.sources = sources;
    this.batch = s.batch();
    this.strips = strips;
    this.from = from;
    this.to = to;
    this.groups = new Group[parts(batch, MEMBERS)];
    Arrays.setAll(groups, this::group);
    int members = parts(batch, groups.length);
    this.packed = new float[members * Math.min(PACKED, sources)];
    this.sums = new float[members * RowSums.STRIP];
    this.zeros = new float[sums.length];
  }

  private Group group(int g) {
    int first = begin(batch, g, groups.length);
    int members = begin(batch, g + 1, groups.length) - first;
    var tiles = new Tile[parts(members, StripKernel.MEMBERS)];
    int ahead = parts(RowSums.STRIP, Math.max(2, tiles.length));
    for (int t = 0; t < tiles.length; t++) {
      int m = begin(members, t, tiles.length);
      int rows = begin(members, t + 1, tiles.length) - m;
      tiles[t] = new Tile(m, rows, Jvm.strip(new StripKernel.Shape(rows, ahead)));
    }
    return new Group(first, members, tiles, ahead);
  }

  /** How many parts of at most so many there are. */
  private static int parts(int count, int most) {
    return (count + most - 1) / most;
  }

  /** Where a part begins of which all are about as large. */
  private static int begin(int count, int part, int parts) {
    return (int) ((long) count * part / parts);
  }

  /**
   * Writes a product, without -0.
   *
   * @param strips its elements are strips, the first begins with target {@code from}
   */
  static Runnable product(Matrix.Sum s, int sources, Part strips, int from, int to) {
    var tiles = new StripTiles(s, sources, strips, from, to);
    Runnable exact = tiles.exact();
    return () -> {
      if (!tiles.multiply()) {
        exact.run();
      }
    };
  }

  /** Whether no sum is NaN, as one is where a weight is not finite and what is 0 is multiplied. */
  private boolean multiply() {
    Arrays.fill(zeros, 0);
    for (Group g : groups) {
      for (int k = 0; k < sources; k += PACKED) {
        multiply(g, k, Math.min(PACKED, sources - k));
      }
    }
    return Vectors.isFinite(zeros, zeros.length) || !Vectors.anyNaN(c, from * batch, to * batch);
  }

  /** Adds what so many sources from k on contribute to a group. */
  private void multiply(Group g, int k, int count) {
    for (Tile t : g.tiles()) {
      pack(k * batch + g.first() + t.first(), t.rows(), t.first() * count, count);
    }
    int block = strips.at() + k * RowSums.STRIP;
    int strip = block;
    boolean last = k + count == sources;
    int afterBlock = last ? strips.at() : block + count * RowSums.STRIP;
    for (int target = from; target < to; target += RowSums.STRIP) {
      int width = Math.min(RowSums.STRIP, to - target);
      int at = target * batch + g.first();
      if (k == 0) {
        Arrays.fill(sums, 0);
      } else {
        Tiles.transpose(
            new Part(c, at, batch, 1), width, g.members(), new Part(sums, 0, RowSums.STRIP, 1));
      }
      int after = target + RowSums.STRIP < to ? strip + strips.step() : afterBlock;
      int nears = parts(count, NEAR / (2 * RowSums.STRIP + g.members()));
      for (int n = 0; n < nears; n++) {
        int begin = begin(count, n, nears);
        int end = begin(count, n + 1, nears);
        add(g, begin, end, count, strip, n + 1 < nears ? strip + end * RowSums.STRIP : after);
      }
      if (last) {
        look();
      }
      put(at, width, g.members());
      strip += strips.step();
    }
  }

  /**
   * Adds what some of the packed sources contribute to a strip, and meanwhile reads the weights
   * that come next, each tile the next part of the same streams: memory is waited for if the first
   * tile has to fetch them.
   *
   * @param begin the first of them
   * @param end behind the last
   * @param count how many sources are packed
   * @param strip where the weights of the packed sources begin
   * @param next where the weights begin that come next
   */
  private void add(Group g, int begin, int end, int count, int strip, int next) {
    int depth = end - begin;
    int part = parts(depth, StripKernel.STREAMS) * g.ahead();
    int apart = depth * RowSums.STRIP / StripKernel.STREAMS;
    int last = strips.values().length - (StripKernel.STREAMS - 1) * apart - part;
    for (int n = 0; n < g.tiles().length; n++) {
      Tile t = g.tiles()[n];
      seen ^=
          t.kernel()
              .run(
                  packed,
                  t.first() * count + begin * t.rows(),
                  strips.values(),
                  strip + begin * RowSums.STRIP,
                  sums,
                  t.first() * RowSums.STRIP,
                  depth,
                  Math.min(next + n * part, last),
                  apart);
    }
  }

  /** Packs the members of a tile. */
  private void pack(int begin, int rows, int into, int count) {
    if (rows == StripKernel.MEMBERS) {
      for (int k = 0; k < count; k++) {
        int at = begin + k * batch;
        int to = into + k * StripKernel.MEMBERS;
        for (int m = 0; m < StripKernel.MEMBERS; m++) { // so many are no loop
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

  /** Multiplies the sums by 0, which shows later whether all are finite. */
  private void look() {
    for (int i = 0; i < sums.length; i++) {
      zeros[i] = Math.fma(sums[i], 0f, zeros[i]);
    }
  }

  /** Writes the sums of a strip to their targets. */
  private void put(int at, int width, int members) {
    int m = 0;
    for (; m + StripKernel.MEMBERS <= members; m += StripKernel.MEMBERS) {
      for (int lane = 0; lane < width; lane++) {
        int from = m * RowSums.STRIP + lane;
        int to = at + lane * batch + m;
        for (int i = 0; i < StripKernel.MEMBERS; i++) { // so many are no loop
          c[to + i] = sums[from + i * RowSums.STRIP] + 0f;
        }
      }
    }
    for (; m < members; m++) {
      for (int lane = 0; lane < width; lane++) {
        c[at + lane * batch + m] = sums[m * RowSums.STRIP + lane] + 0f;
      }
    }
  }

  /** The same product member by member, without the sources that are 0. */
  private Runnable exact() {
    var all = RowSums.Strips.of(strips, RowSums.strips(to - from));
    var member = new float[sources];
    var numbers = new int[sources];
    var factors = new float[sources];
    var products = new float[all.count() * RowSums.STRIP];
    return () -> {
      for (int m = 0; m < batch; m++) {
        for (int k = 0; k < sources; k++) {
          member[k] = x[k * batch + m];
        }
        int nonzero = Dense.nonzero(member, sources, numbers, factors);
        Arrays.fill(products, 0);
        RowSums.add(new Picked(numbers, factors, 0, nonzero), all, products, 0);
        for (int target = from; target < to; target++) {
          c[target * batch + m] = products[target - from];
        }
      }
    };
  }
}

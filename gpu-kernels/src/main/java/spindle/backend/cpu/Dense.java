package spindle.backend.cpu;

import java.util.Arrays;
import java.util.function.Consumer;
import spindle.backend.cpu.Tiles.Part;
import spindle.backend.cpu.Tiles.Picked;
import spindle.compile.Events;
import spindle.compile.Jvm;
import spindle.ir.Direction;

/**
 * Products with a full matrix in float32, for batches and single vectors.
 *
 * <p>Rows of what is 0 are left out while that is most of them; else tiles of the matrix are
 * multiplied whole. Either way gives the same bits, because adding 0 changes none.
 *
 * @param pre number of rows
 * @param post number of columns
 * @param w row by row
 */
record Dense(int pre, int post, float[] w) {
  /** Name of the property that sets {@link #SPARSE}; 0: tiles are always multiplied whole. */
  static final String SPARSE_PROPERTY = "spindle.sparse";

  /** Share of sources that are not 0 up to which their rows are added one by one. */
  static final double SPARSE = Double.parseDouble(System.getProperty(SPARSE_PROPERTY, "0.25"));

  /** Whether a product is one of these. */
  static boolean fits(Csr csr, Object weights, Object target) {
    int rows = csr.indptr().length - 1;
    return Jvm.hasVectors()
        && weights instanceof float[]
        && target instanceof float[]
        && rows > 0
        && csr.width() > 0
        && csr.indptr()[1] == csr.width()
        && csr.alike(0, rows);
  }

  static Dense of(Csr csr, Object weights) {
    return new Dense(csr.indptr().length - 1, csr.width(), (float[]) weights);
  }

  /** Adds the rows of the events of a batch. */
  Consumer<Events> delivery(float[] target, int batch, Share share) {
    int from = share.from(post);
    int to = share.to(post);
    if (batch == 1) {
      float[] ones = new float[pre];
      Arrays.fill(ones, 1);
      return events ->
          Tiles.add(
              new Picked(events.indices(), ones, 0, events.count()), w, post, from, to, target, 0);
    }
    var members = new Members(pre, batch);
    var marks = new float[pre * batch];
    var sums = new float[batch * post];
    var all = along(marks, target, batch, share);
    return events -> {
      if (events.count() > SPARSE * marks.length) {
        Arrays.fill(marks, 0);
        for (int e = 0; e < events.count(); e++) {
          marks[events.indices()[e]] = 1;
        }
        all.run();
      } else {
        members.sort(events);
        Arrays.fill(sums, 0);
        addMembers(members, sums, from, to);
        addTransposed(sums, from, to, target, batch);
      }
    };
  }

  /** Four rows of {@code sums} at a time: as many streams are read one after the other. */
  private void addTransposed(float[] sums, int from, int to, float[] target, int batch) {
    for (int begin = from; begin < to; begin += Tiles.BLOCK) {
      int end = Math.min(to, begin + Tiles.BLOCK);
      int b = 0;
      for (; b + 4 <= batch; b += 4) {
        int row0 = b * post;
        int row1 = row0 + post;
        int row2 = row1 + post;
        int row3 = row2 + post;
        for (int j = begin; j < end; j++) {
          int at = j * batch + b;
          target[at] += sums[row0 + j];
          target[at + 1] += sums[row1 + j];
          target[at + 2] += sums[row2 + j];
          target[at + 3] += sums[row3 + j];
        }
      }
      for (; b < batch; b++) {
        for (int j = begin; j < end; j++) {
          target[j * batch + b] += sums[b * post + j];
        }
      }
    }
  }

  private void addMembers(Members members, float[] sums, int from, int to) {
    for (int b = 0; b < members.batch(); b++) {
      Tiles.add(members.of(b), w, post, from, to, sums, b * post);
    }
  }

  /** A product in either direction. */
  Runnable product(Matrix.Sum s, Share share) {
    var x = (float[]) s.x();
    var target = (float[]) s.target();
    return s.direction() == Direction.ALONG
        ? along(x, target, s.batch(), share)
        : against(s, share);
  }

  private Runnable along(float[] x, float[] target, int batch, Share share) {
    int from = share.from(post);
    int to = share.to(post);
    if (batch == 1) {
      var numbers = new int[pre];
      var factors = new float[pre];
      return () -> {
        int count = nonzero(x, 0, 1, pre, numbers, factors);
        Tiles.add(new Picked(numbers, factors, 0, count), w, post, from, to, target, 0);
      };
    }
    var tiles = new Tiles();
    var a = new Part(w, 0, 1, post);
    var b = new Part(x, 0, batch, 1);
    var c = new Part(target, 0, batch, 1);
    return () -> tiles.multiply(a, from, to, b, batch, pre, c);
  }

  private Runnable against(Matrix.Sum s, Share share) {
    int batch = s.batch();
    var tiles = new Tiles();
    var a = new Part(w, 0, post, 1);
    var b = new Part((float[]) s.x(), 0, batch, 1);
    var c = new Part((float[]) s.target(), 0, batch, 1);
    int from = share.from(pre);
    int to = share.to(pre);
    if (s.needed() == null) {
      return () -> tiles.multiply(a, from, to, b, batch, post, c);
    }
    var some = new DenseRows(this, s, from, to);
    return () -> {
      if (!some.multiply(tiles, b)) {
        tiles.multiply(a, from, to, b, batch, post, c);
      }
    };
  }

  private static int nonzero(
      float[] x, int at, int step, int length, int[] numbers, float[] factors) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      float v = x[at + i * step];
      if (v != 0) {
        numbers[count] = i;
        factors[count++] = v;
      }
    }
    return count;
  }

  /** The events of a batch, member by member. */
  private static final class Members {
    private final int batch;
    private final int[] begin;
    private final int[] rows;
    private final float[] ones;

    Members(int pre, int batch) {
      this.batch = batch;
      this.begin = new int[batch + 1];
      this.rows = new int[pre * batch];
      this.ones = new float[pre * batch];
      Arrays.fill(ones, 1);
    }

    int batch() {
      return batch;
    }

    void sort(Events events) {
      int[] indices = events.indices();
      Arrays.fill(begin, 0);
      for (int e = 0; e < events.count(); e++) {
        begin[indices[e] % batch]++;
      }
      int sum = 0;
      for (int b = 0; b <= batch; b++) {
        sum += begin[b];
        begin[b] = sum;
      }
      for (int e = events.count() - 1; e >= 0; e--) {
        rows[--begin[indices[e] % batch]] = indices[e] / batch;
      }
    }

    Picked of(int b) {
      return new Picked(rows, ones, begin[b], b + 1 < batch ? begin[b + 1] : begin[batch]);
    }
  }
}

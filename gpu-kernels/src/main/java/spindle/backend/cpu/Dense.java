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
 * multiplied whole. Either way gives the same bits, because adding 0 changes none; where 0 meets an
 * infinite weight, {@link Guarded} takes care.
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

  /**
   * Rows from which it pays to have the targets in the lanes, and to transpose all but the matrix.
   */
  private static final int TURNED = 1024;

  /** Whether a product is one of these. */
  static boolean fits(Csr csr, Object weights, Object target) {
    return weights instanceof float[] && target instanceof float[] && fits(csr);
  }

  /** Whether a matrix is full, and its products are not left to plain loops. */
  static boolean fits(Csr csr) {
    int rows = csr.indptr().length - 1;
    return Jvm.hasVectors()
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
    if (batch == 1) {
      return rows(target, share);
    }
    var sink = Sink.of(target, batch);
    var members = new MemberDelivery(sink, post, share, sums -> rows(sums, share));
    var marks = new float[pre * batch];
    var all = along(marks, target, batch, share);
    int from = share.from(post) * batch;
    int to = share.to(post) * batch;
    return events -> {
      if (events.count() <= SPARSE * marks.length) {
        members.accept(events);
        return;
      }
      Arrays.fill(marks, 0);
      for (int e = 0; e < events.count(); e++) {
        marks[events.indices()[e]] = 1;
      }
      all.run();
      if (Guarded.spoilt(target, from, to)) {
        members.accept(events);
      }
    };
  }

  private Consumer<Events> rows(float[] target, Share share) {
    int from = share.from(post);
    int to = share.to(post);
    var ones = new float[pre];
    Arrays.fill(ones, 1);
    return events ->
        Tiles.add(new Picked(events.indices(), ones, 0, events.count()), w, post, from, to, target);
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
        int count = nonzero(x, pre, numbers, factors);
        Tiles.add(new Picked(numbers, factors, 0, count), w, post, from, to, target);
      };
    }
    return pre < TURNED ? few(x, target, batch, share) : turned(x, target, batch, share);
  }

  /** Members in the lanes: columns of the matrix are near each other. */
  private Runnable few(float[] x, float[] target, int batch, Share share) {
    var tiles = new Tiles();
    var a = new Part(w, 0, 1, post);
    var b = new Part(x, 0, batch, 1);
    var c = new Part(target, 0, batch, 1);
    int from = share.from(post);
    int to = share.to(post);
    return () -> tiles.multiply(a, from, to, b, batch, pre, c);
  }

  /** Targets in the lanes: rows of the matrix are read from one end to the other. */
  private Runnable turned(float[] x, float[] target, int batch, Share share) {
    var tiles = new Tiles();
    int from = share.from(post);
    int posts = share.to(post) - from;
    var byMember = new float[batch * pre];
    var turned = new float[batch * posts];
    var sums = new float[batch * posts];
    var a = new Part(byMember, 0, pre, 1);
    var b = new Part(w, from, post, 1);
    var c = new Part(turned, 0, posts, 1);
    return () -> {
      Tiles.transpose(x, pre, batch, byMember);
      System.arraycopy(target, from * batch, sums, 0, sums.length);
      Tiles.transpose(sums, posts, batch, turned);
      tiles.multiply(a, 0, batch, b, posts, pre, c);
      Tiles.transpose(turned, batch, posts, sums);
      System.arraycopy(sums, 0, target, from * batch, sums.length);
    };
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

  /** Lists the elements that are not 0; how many there are. */
  static int nonzero(float[] x, int length, int[] numbers, float[] factors) {
    int count = 0;
    for (int i = 0; i < length; i++) {
      float v = x[i];
      if (v != 0) {
        numbers[count] = i;
        factors[count++] = v;
      }
    }
    return count;
  }
}

package spindle.backend.cpu;

import java.util.Arrays;
import java.util.function.Consumer;
import spindle.compile.RowVisitor;

/** What products do with a row, for the type of their arrays. */
final class Sums {
  private Sums() {}

  /**
   * target[column] += weight * x[row], for all rows of a walk.
   *
   * @param runs whether rows have consecutive columns
   */
  static Runnable scatter(Matrix.Sum s, boolean runs, Consumer<RowVisitor> walk) {
    if (s.target() instanceof float[] f && BandedScatter.serves(s.batch(), f.length)) {
      var banded = new BandedScatter((float[]) s.x(), f, s.batch());
      RowVisitor visitor = new Weights(true).fit(banded);
      return () -> {
        banded.clear();
        walk.accept(visitor);
        banded.finish();
      };
    }
    boolean fits = runs && Runs.fits(s);
    RowVisitor visitor = fits ? new Weights(true).fit(Runs.scatter(s)) : scatter(s);
    return () -> walk.accept(visitor);
  }

  private static RowVisitor scatter(Matrix.Sum s) {
    return s.target() instanceof float[] f
        ? new Weights(true).fit(FloatSums.scatter((float[]) s.x(), f, s.batch()))
        : new Weights(false)
            .fit(DoubleSums.scatter((double[]) s.x(), (double[]) s.target(), s.batch()));
  }

  /** target[row] += weight * x[column], columns ascending. */
  static RowVisitor gather(Matrix.Sum s) {
    return s.target() instanceof float[] f
        ? new Weights(true).fit(FloatSums.gather((float[]) s.x(), f, s.batch()))
        : new Weights(false)
            .fit(DoubleSums.gather((double[]) s.x(), (double[]) s.target(), s.batch()));
  }

  /** target[synapse] = sum of a[row] * b[column] over the batch. */
  static RowVisitor pair(Object a, Object b, Object target, int batch) {
    return target instanceof float[] f
        ? FloatSums.pair((float[]) a, (float[]) b, f, batch)
        : DoubleSums.pair((double[]) a, (double[]) b, (double[]) target, batch);
  }

  /** Adds the weights of a row, 1 without, to element {@code number} of each target's batch. */
  static RowVisitor add(Sink sink, int number) {
    return sink.array() instanceof float[]
        ? new Weights(true).fit(FloatSums.add(sink, number))
        : new Weights(false).fit(DoubleSums.add(sink, number));
  }

  /** {@link #add} to single elements for rows of consecutive columns. */
  static RowVisitor addRuns(Sink sink) {
    return sink.array() instanceof float[] f && sink.isPlain()
        ? new Weights(true).fit(Runs.add(f))
        : add(sink, 0);
  }

  /** Gives rows on with their columns in ascending order, whatever order they came in. */
  static RowVisitor ascending(RowVisitor next) {
    return new Ascending(next);
  }

  /** Rounds weights to the type of the product where the rows' differ. */
  private static final class Weights {
    private final boolean single;
    private float[] narrow = new float[0];
    private double[] wide = new double[0];

    Weights(boolean single) {
      this.single = single;
    }

    RowVisitor fit(RowVisitor next) {
      return (row, columns, from, to, w, first) ->
          next.row(
              row, columns, from, to, w == null ? null : fit(w, first, first + to - from), first);
    }

    private Object fit(Object w, int from, int to) {
      if (single) {
        return w instanceof double[] d ? narrowed(d, from, to) : w;
      }
      return w instanceof float[] f ? widened(f, from, to) : w;
    }

    private float[] narrowed(double[] w, int from, int to) {
      if (narrow.length < to) {
        narrow = new float[w.length];
      }
      for (int k = from; k < to; k++) {
        narrow[k] = (float) w[k];
      }
      return narrow;
    }

    private double[] widened(float[] w, int from, int to) {
      if (wide.length < to) {
        wide = new double[w.length];
      }
      for (int k = from; k < to; k++) {
        wide[k] = w[k];
      }
      return wide;
    }
  }

  private static final class Ascending implements RowVisitor {
    private final RowVisitor next;
    private long[] order = new long[0];
    private int[] sorted = new int[0];
    private float[] floats = new float[0];
    private double[] doubles = new double[0];

    Ascending(RowVisitor next) {
      this.next = next;
    }

    @Override
    public void row(int row, int[] columns, int from, int to, Object weights, int first) {
      int k = from + 1;
      while (k < to && columns[k - 1] < columns[k]) {
        k++;
      }
      if (k >= to) {
        next.row(row, columns, from, to, weights, first);
        return;
      }
      sort(columns, from, to);
      Object w = weights == null ? null : moved(weights, first, to - from);
      next.row(row, sorted, 0, to - from, w, 0);
    }

    private void sort(int[] columns, int from, int to) {
      int n = to - from;
      if (order.length < n) {
        order = new long[2 * n];
        sorted = new int[2 * n];
      }
      for (int k = 0; k < n; k++) {
        order[k] = (long) columns[from + k] << 32 | k;
      }
      Arrays.sort(order, 0, n);
      for (int k = 0; k < n; k++) {
        sorted[k] = (int) (order[k] >>> 32);
      }
    }

    private Object moved(Object weights, int first, int n) {
      if (weights instanceof float[] w) {
        floats = floats.length < n ? new float[order.length] : floats;
        for (int k = 0; k < n; k++) {
          floats[k] = w[first + (int) order[k]];
        }
        return floats;
      }
      var w = (double[]) weights;
      doubles = doubles.length < n ? new double[order.length] : doubles;
      for (int k = 0; k < n; k++) {
        doubles[k] = w[first + (int) order[k]];
      }
      return doubles;
    }
  }
}

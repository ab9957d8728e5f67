package spindle.backend.cpu;

import java.util.Arrays;
import java.util.stream.IntStream;
import spindle.compile.BatchKernel;
import spindle.compile.Jvm;
import spindle.compile.RowVisitor;

/** What products do with a row in float32; {@link DoubleSums} is its twin. */
final class FloatSums {
  private FloatSums() {}

  /** Kernels for batches, written when the first batch comes: few programs have any. */
  private static final class Kernels {
    static final BatchKernel[] SCATTER = all(true);
    static final BatchKernel[] GATHER = all(false);

    /** One for each power of two vectors; none without the Vector API: members go one by one. */
    private static BatchKernel[] all(boolean scatter) {
      int most = Jvm.hasVectors() ? BatchKernel.VECTORS : 0;
      return IntStream.iterate(1, n -> n <= most, n -> 2 * n)
          .mapToObj(n -> Jvm.batch(new BatchKernel.Shape(n, scatter)))
          .toArray(BatchKernel[]::new);
    }
  }

  /** target[column] += weight * x[row]. */
  static RowVisitor scatter(float[] x, float[] target, int batch) {
    return batch == 1
        ? (row, columns, from, to, w, first) -> one(columns, from, to, w, first, x[row], target)
        : (row, columns, from, to, w, first) ->
            many(columns, from, to, w, first, x, row * batch, target, batch);
  }

  /** target[row] += weight * x[column], columns ascending. */
  static RowVisitor gather(float[] x, float[] target, int batch) {
    return batch == 1
        ? (row, columns, from, to, w, first) ->
            target[row] = sum(columns, from, to, w, first, x, target[row])
        : (row, columns, from, to, w, first) ->
            sums(columns, from, to, w, first, x, target, row * batch, batch);
  }

  /** target[synapse] = sum of a[row] * b[column] over the batch. */
  static RowVisitor pair(float[] a, float[] b, float[] target, int batch) {
    return (row, columns, from, to, w, first) -> {
      Arrays.fill(target, first, first + to - from, 0);
      for (int s = 0; s < batch; s++) {
        float x = a[row * batch + s];
        if (x != 0) {
          pair(columns, from, to, x, b, batch, s, target, first);
        }
      }
    };
  }

  private static void pair(
      int[] columns,
      int from,
      int to,
      float x,
      float[] b,
      int batch,
      int s,
      float[] target,
      int first) {
    int shift = first - from;
    for (int k = from; k < to; k++) {
      target[k + shift] = Math.fma(x, b[columns[k] * batch + s], target[k + shift]);
    }
  }

  /** Adds the weights of a row, 1 without, to element {@code number} of each target's batch. */
  static RowVisitor add(Sink sink, int number) {
    int batch = sink.batch();
    int mask = sink.mask();
    var target = (float[]) sink.array();
    return (row, columns, from, to, weights, first) -> {
      int begin = sink.from() + number;
      if (weights == null) {
        for (int k = from; k < to; k++) {
          target[(columns[k] * batch + begin) & mask] += 1;
        }
        return;
      }
      var w = (float[]) weights;
      int shift = first - from;
      for (int k = from; k < to; k++) {
        target[(columns[k] * batch + begin) & mask] += w[k + shift];
      }
    };
  }

  private static void one(
      int[] columns, int from, int to, Object weights, int first, float x, float[] target) {
    if (x == 0) {
      return;
    }
    if (weights == null) {
      for (int k = from; k < to; k++) {
        target[columns[k]] += x;
      }
      return;
    }
    var w = (float[]) weights;
    int shift = first - from;
    for (int k = from; k < to; k++) {
      target[columns[k]] = Math.fma(x, w[k + shift], target[columns[k]]);
    }
  }

  private static float sum(
      int[] columns, int from, int to, Object weights, int first, float[] x, float before) {
    float sum = before;
    if (weights == null) {
      for (int k = from; k < to; k++) {
        sum += x[columns[k]];
      }
      return sum;
    }
    var w = (float[]) weights;
    int shift = first - from;
    for (int k = from; k < to; k++) {
      sum = Math.fma(x[columns[k]], w[k + shift], sum);
    }
    return sum;
  }

  private static void many(
      int[] columns,
      int from,
      int to,
      Object weights,
      int first,
      float[] x,
      int at,
      float[] target,
      int n) {
    var w = (float[]) weights;
    int shift = first - from;
    int done = 0;
    for (int log = Kernels.SCATTER.length - 1; log >= 0; log--) {
      for (int width = Tiles.LANES << log; done + width <= n; done += width) {
        Kernels.SCATTER[log].run(columns, from, to, w, first, x, at + done, target, n, done);
      }
    }
    for (int k = from; k < to && done < n; k++) {
      axpy(w == null ? 1 : w[k + shift], x, at + done, target, columns[k] * n + done, n - done);
    }
  }

  /** target[at + member] += weight * x[column * n + member] for n members, columns in order. */
  static void sums(
      int[] columns,
      int from,
      int to,
      Object weights,
      int first,
      float[] x,
      float[] target,
      int at,
      int n) {
    var w = (float[]) weights;
    int shift = first - from;
    int done = 0;
    for (int log = Kernels.GATHER.length - 1; log >= 0; log--) {
      for (int width = Tiles.LANES << log; done + width <= n; done += width) {
        Kernels.GATHER[log].run(columns, from, to, w, first, x, at + done, target, n, done);
      }
    }
    for (int k = from; k < to && done < n; k++) {
      axpy(w == null ? 1 : w[k + shift], x, columns[k] * n + done, target, at + done, n - done);
    }
  }

  private static void axpy(float w, float[] x, int from, float[] target, int to, int n) {
    for (int s = 0; s < n; s++) {
      target[to + s] = Math.fma(x[from + s], w, target[to + s]);
    }
  }
}

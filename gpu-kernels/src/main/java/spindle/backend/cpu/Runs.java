package spindle.backend.cpu;

import java.util.Optional;
import spindle.compile.DotKernel;
import spindle.compile.Jvm;
import spindle.compile.RowVisitor;

/**
 * What products in float32 do with rows of consecutive columns, as dense matrices have: loops
 * without an index to read, which C2 turns into vectors.
 */
final class Runs {
  private static final Optional<DotKernel> DOTS = Jvm.dots();

  private Runs() {}

  /** Whether a product is one of these. */
  static boolean fits(Matrix.Sum s) {
    return s.batch() == 1 && s.target() instanceof float[];
  }

  /** target[column] += weight * x[row]. */
  static RowVisitor scatter(Matrix.Sum s) {
    var x = (float[]) s.x();
    var target = (float[]) s.target();
    return (row, columns, from, to, w, first) -> {
      if (x[row] != 0 && from < to) {
        axpy((float[]) w, first, x[row], target, columns[from], to - from);
      }
    };
  }

  /** target[column] += weight. */
  static RowVisitor add(float[] target) {
    return (row, columns, from, to, w, first) -> {
      if (from < to) {
        axpy((float[]) w, first, 1, target, columns[from], to - from);
      }
    };
  }

  private static void axpy(float[] w, int first, float x, float[] target, int column, int count) {
    if (w == null) {
      for (int k = 0; k < count; k++) {
        target[column + k] += x;
      }
      return;
    }
    for (int k = 0; k < count; k++) {
      target[column + k] = Math.fma(x, w[first + k], target[column + k]);
    }
  }

  /**
   * target[row] += weight * x[column] for rows {@code [from, to)}, columns ascending: eight rows or
   * more together, since a sum that keeps its order waits for each addition.
   */
  static void gather(Csr csr, int from, int to, float[] w, Matrix.Sum s) {
    var x = (float[]) s.x();
    var target = (float[]) s.target();
    for (int i = from; i < to; ) {
      int count = csr.indptr()[i + 1] - csr.indptr()[i];
      boolean dots = DOTS.isPresent() && i + DotKernel.ROWS <= to;
      if (dots && csr.alike(i, i + DotKernel.ROWS)) {
        dots(w, csr.indptr()[i], x, csr.starts()[i], count, target, i);
        i += DotKernel.ROWS;
      } else if (i + 8 <= to && csr.alike(i, i + 8)) {
        eight(w, csr.indptr()[i], x, csr.starts()[i], count, target, i);
        i += 8;
      } else {
        target[i] = one(w, csr.indptr()[i], x, csr.starts()[i], count, target[i]);
        i++;
      }
    }
  }

  /** A row to each lane, but for the last columns. */
  private static void dots(
      float[] w, int first, float[] x, int column, int count, float[] target, int row) {
    int whole = count / DotKernel.BLOCK * DotKernel.BLOCK;
    DOTS.orElseThrow().run(w, first - column, count, x, column, column + whole, target, row);
    for (int r = 0; r < DotKernel.ROWS && whole < count; r++) {
      int p = first + r * count + whole;
      target[row + r] = one(w, p, x, column + whole, count - whole, target[row + r]);
    }
  }

  /** {@link #gather} for the rows that are needed, four of them together. */
  static Runnable some(Csr csr, Share share, float[] w, Matrix.Sum s) {
    var x = (float[]) s.x();
    var target = (float[]) s.target();
    int from = share.from(csr.indptr().length - 1);
    int to = share.to(csr.indptr().length - 1);
    var rows = new int[to - from];
    boolean alike = from < to && csr.alike(from, to);
    return () -> {
      int count = s.pick(from, to, rows);
      int n = 0;
      for (; alike && n + 4 <= count; n += 4) {
        four(csr, w, s, rows, n);
      }
      for (; n < count; n++) {
        int i = rows[n];
        int synapses = csr.indptr()[i + 1] - csr.indptr()[i];
        target[i] = one(w, csr.indptr()[i], x, csr.starts()[i], synapses, target[i]);
      }
    };
  }

  /** Rows {@code rows[n .. n + 3]}, which have the same columns. */
  private static void four(Csr csr, float[] w, Matrix.Sum s, int[] rows, int n) {
    var x = (float[]) s.x();
    var target = (float[]) s.target();
    int p0 = csr.indptr()[rows[n]];
    int p1 = csr.indptr()[rows[n + 1]];
    int p2 = csr.indptr()[rows[n + 2]];
    int p3 = csr.indptr()[rows[n + 3]];
    int column = csr.starts()[rows[n]];
    int count = csr.indptr()[rows[n] + 1] - p0;
    float a = target[rows[n]];
    float b = target[rows[n + 1]];
    float c = target[rows[n + 2]];
    float d = target[rows[n + 3]];
    for (int k = 0; k < count; k++) {
      float v = x[column + k];
      a = Math.fma(v, w[p0 + k], a);
      b = Math.fma(v, w[p1 + k], b);
      c = Math.fma(v, w[p2 + k], c);
      d = Math.fma(v, w[p3 + k], d);
    }
    target[rows[n]] = a;
    target[rows[n + 1]] = b;
    target[rows[n + 2]] = c;
    target[rows[n + 3]] = d;
  }

  private static float one(float[] w, int first, float[] x, int column, int count, float before) {
    float sum = before;
    for (int k = 0; k < count; k++) {
      sum = Math.fma(x[column + k], w[first + k], sum);
    }
    return sum;
  }

  private static void eight(
      float[] w, int first, float[] x, int column, int count, float[] target, int row) {
    float a = target[row];
    float b = target[row + 1];
    float c = target[row + 2];
    float d = target[row + 3];
    float e = target[row + 4];
    float f = target[row + 5];
    float g = target[row + 6];
    float h = target[row + 7];
    int p1 = first + count;
    int p2 = p1 + count;
    int p3 = p2 + count;
    int p4 = p3 + count;
    int p5 = p4 + count;
    int p6 = p5 + count;
    int p7 = p6 + count;
    for (int k = 0; k < count; k++) {
      float v = x[column + k];
      a = Math.fma(v, w[first + k], a);
      b = Math.fma(v, w[p1 + k], b);
      c = Math.fma(v, w[p2 + k], c);
      d = Math.fma(v, w[p3 + k], d);
      e = Math.fma(v, w[p4 + k], e);
      f = Math.fma(v, w[p5 + k], f);
      g = Math.fma(v, w[p6 + k], g);
      h = Math.fma(v, w[p7 + k], h);
    }
    target[row] = a;
    target[row + 1] = b;
    target[row + 2] = c;
    target[row + 3] = d;
    target[row + 4] = e;
    target[row + 5] = f;
    target[row + 6] = g;
    target[row + 7] = h;
  }
}

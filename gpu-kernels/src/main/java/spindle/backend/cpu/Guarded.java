package spindle.backend.cpu;

import spindle.compile.RowVisitor;
import spindle.ir.Direction;

/**
 * A product with weights that are computed, so that they may be infinite or NaN. A source that is 0
 * contributes nothing, but fast products multiply by it all the same: where a sum comes out as NaN
 * they are done again, and what is 0 is left out synapse by synapse.
 */
final class Guarded implements Runnable {
  private final Runnable fast;
  private final Runnable exact;
  private final Object target;
  private final int from;
  private final int to;

  /**
   * Both add to a target that is 0 before.
   *
   * @param target {@code float[]} or {@code double[]}
   * @param from first element of the part that they write
   * @param to element behind it
   */
  Guarded(Runnable fast, Runnable exact, Object target, int from, int to) {
    this.fast = fast;
    this.exact = exact;
    this.target = target;
    this.from = from;
    this.to = to;
  }

  @Override
  public void run() {
    fast.run();
    if (spoilt(target, from, to)) {
      exact.run();
    }
  }

  /** Whether a sum is NaN; all are 0 again then. */
  static boolean spoilt(Object target, int from, int to) {
    if (!Vectors.anyNaN(target, from, to)) {
      return false;
    }
    Vectors.zero(target, from, to);
    return true;
  }

  /** What a product without a shortcut does with a row; weights are of the target's type. */
  static RowVisitor visitor(Matrix.Sum s) {
    Addition addition = addition(s);
    boolean along = s.direction() == Direction.ALONG;
    int batch = s.batch();
    return (row, columns, from, to, w, first) -> {
      for (int k = from; k < to; k++) {
        int source = along ? row : columns[k];
        int sum = along ? columns[k] : row;
        for (int b = 0; b < batch; b++) {
          addition.add(sum * batch + b, source * batch + b, w, first + k - from);
        }
      }
    };
  }

  /** Adds the product of element x and weight k to a sum, unless the element is 0. */
  private interface Addition {
    void add(int sum, int x, Object weights, int k);
  }

  private static Addition addition(Matrix.Sum s) {
    if (s.target() instanceof float[] sums) {
      var x = (float[]) s.x();
      return (sum, i, w, k) -> {
        if (x[i] != 0) {
          sums[sum] = Math.fma(x[i], ((float[]) w)[k], sums[sum]);
        }
      };
    }
    var sums = (double[]) s.target();
    var x = (double[]) s.x();
    return (sum, i, w, k) -> {
      if (x[i] != 0) {
        sums[sum] = Math.fma(x[i], ((double[]) w)[k], sums[sum]);
      }
    };
  }
}

package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.function.Consumer;
import spindle.compile.Events;
import spindle.compile.RowVisitor;
import spindle.ir.Direction;

/**
 * Multiplies by stored rows.
 *
 * @param name for messages
 * @param csr the matrix
 * @param buildSeconds time to build it here, nearly 0 when it was shared
 */
record StoredMatrix(String name, Csr csr, double buildSeconds) implements Matrix {
  @Override
  public Consumer<Events> delivery(Object weights, Object target, int batch) {
    Object w = weights(weights);
    if (batch > 1) {
      return new BatchDelivery(
          1, batch, target, (rows, from, to, chunk, v) -> visit(rows, from, to, w, v));
    }
    if (w != null) {
      RowVisitor add = Sums.add(target, 1, 0);
      return events -> visit(events.indices(), 0, events.count(), w, add);
    }
    return target instanceof float[] f ? counting(f) : counting((double[]) target);
  }

  private Consumer<Events> counting(float[] target) {
    int[] indptr = csr.indptr();
    if (csr.narrow().length > 0) {
      return events -> count(events, indptr, csr.narrow(), target);
    }
    return events -> count(events, indptr, csr.columns(), target);
  }

  private Consumer<Events> counting(double[] target) {
    int[] columns = csr.columns();
    return events -> {
      for (int e = 0; e < events.count(); e++) {
        int i = events.indices()[e];
        for (int k = csr.indptr()[i]; k < csr.indptr()[i + 1]; k++) {
          target[columns[k]] += 1;
        }
      }
    };
  }

  private static void count(Events events, int[] indptr, char[] columns, float[] target) {
    for (int e = 0; e < events.count(); e++) {
      int i = events.indices()[e];
      count(columns, indptr[i], indptr[i + 1], target);
    }
  }

  private static void count(Events events, int[] indptr, int[] columns, float[] target) {
    for (int e = 0; e < events.count(); e++) {
      int i = events.indices()[e];
      count(columns, indptr[i], indptr[i + 1], target);
    }
  }

  private static void count(char[] columns, int from, int to, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += 1f;
    }
  }

  private static void count(int[] columns, int from, int to, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += 1f;
    }
  }

  @Override
  public Runnable product(Direction direction, Object x, Object weights, Object target, int batch) {
    Object w = weights(weights);
    RowVisitor sum =
        direction == Direction.ALONG
            ? Sums.scatter(x, target, batch)
            : Sums.gather(x, target, batch);
    return () -> visitAll(w, sum);
  }

  @Override
  public Runnable pairs(Object pre, Object post, Object target, int batch) {
    weights(target);
    RowVisitor pair = Sums.pair(pre, post, target, batch);
    return () -> visitAll(null, pair);
  }

  /** The weights that a product uses: those given, else the rows' own, else null. */
  private Object weights(Object given) {
    if (given != null && Array.getLength(given) < csr.synapses()) {
      throw new IllegalArgumentException(
          name + " has " + csr.synapses() + " synapses, got fewer weights");
    }
    if (given != null) {
      return given;
    }
    if (csr.weights().length > 0) {
      return csr.weights();
    }
    return csr.wideWeights().length > 0 ? csr.wideWeights() : null;
  }

  private void visit(int[] rows, int from, int to, Object w, RowVisitor visitor) {
    int[] indptr = csr.indptr();
    int[] columns = csr.columns();
    for (int r = from; r < to; r++) {
      visitor.row(rows[r], columns, indptr[rows[r]], indptr[rows[r] + 1], w);
    }
  }

  private void visitAll(Object w, RowVisitor visitor) {
    int[] indptr = csr.indptr();
    int[] columns = csr.columns();
    for (int i = 0; i < indptr.length - 1; i++) {
      visitor.row(i, columns, indptr[i], indptr[i + 1], w);
    }
  }

  @Override
  public long synapses() {
    return csr.synapses();
  }

  @Override
  public int[] outDegrees() {
    var degrees = new int[csr.indptr().length - 1];
    for (int i = 0; i < degrees.length; i++) {
      degrees[i] = csr.indptr()[i + 1] - csr.indptr()[i];
    }
    return degrees;
  }

  @Override
  public long bytes() {
    return csr.bytes();
  }
}

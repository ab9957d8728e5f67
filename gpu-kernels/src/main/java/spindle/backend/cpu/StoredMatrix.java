package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.Arrays;
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
  public Consumer<Events> delivery(Object weights, Object target, int batch, Share share) {
    Object w = weights(weights);
    if (batch == 1 && w == null && target instanceof float[] f && share.parts() == 1) {
      return counting(f);
    }
    Columns part = new Columns(csr, share);
    if (batch > 1) {
      return new BatchDelivery(batch, target, (rows, count, v) -> part.visit(rows, count, w, v));
    }
    RowVisitor add = Sums.add(target, 1, 0);
    return events -> part.visit(events.indices(), events.count(), w, add);
  }

  /** Counts spikes on the narrow columns where there are such, and makes no others. */
  private Consumer<Events> counting(float[] target) {
    if (csr.narrow().length > 0) {
      return events -> count(events, csr.indptr(), csr.narrow(), target);
    }
    int[] columns = csr.columns();
    return events -> count(events, csr.indptr(), columns, target);
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
  public Runnable product(Sum sum, Object weights, Share share) {
    Object w = weights(weights);
    int rows = csr.indptr().length - 1;
    if (sum.direction() == Direction.ALONG) {
      var part = new Columns(csr, share);
      RowVisitor scatter = Sums.scatter(sum);
      return () -> part.visitAll(0, rows, w, scatter);
    }
    var whole = new Columns(csr, Share.WHOLE);
    RowVisitor gather = Sums.gather(sum);
    return () -> whole.visitAll(share.from(rows), share.to(rows), w, gather);
  }

  @Override
  public Runnable pairs(Object pre, Object post, Object target, int batch) {
    weights(target);
    var whole = new Columns(csr, Share.WHOLE);
    RowVisitor pair = Sums.pair(pre, post, target, batch);
    return () -> whole.visitAll(0, csr.indptr().length - 1, null, pair);
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

  /** A range of columns of every row. */
  private static final class Columns {
    private final int[] indptr;
    private final int[] columns;
    private final int from;
    private final int to;
    private final boolean whole;

    Columns(Csr csr, Share share) {
      this.indptr = csr.indptr();
      this.columns = csr.columns();
      this.from = share.from(csr.width());
      this.to = share.to(csr.width());
      this.whole = share.parts() == 1;
    }

    void visit(int[] rows, int count, Object w, RowVisitor visitor) {
      for (int r = 0; r < count; r++) {
        row(rows[r], w, visitor);
      }
    }

    void visitAll(int first, int end, Object w, RowVisitor visitor) {
      for (int i = first; i < end; i++) {
        row(i, w, visitor);
      }
    }

    private void row(int i, Object w, RowVisitor visitor) {
      int begin = indptr[i];
      int end = indptr[i + 1];
      if (whole) {
        visitor.row(i, columns, begin, end, w);
      } else {
        visitor.row(i, columns, lower(begin, end, from), lower(begin, end, to), w);
      }
    }

    /** The first synapse in {@code [begin, end)} at or behind a column. */
    private int lower(int begin, int end, int column) {
      int at = Arrays.binarySearch(columns, begin, end, column);
      return at < 0 ? -at - 1 : at;
    }
  }
}

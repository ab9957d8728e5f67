package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.Optional;
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
  public boolean counts() {
    return weights(null) == null && !csr.consecutive();
  }

  /** Whether it has all synapses, and products with weights of their own are {@link Dense}. */
  boolean isFull() {
    return Dense.fits(csr);
  }

  @Override
  public Consumer<Events> delivery(Object weights, Sink sink, Share share) {
    Object w = weights(weights);
    if (sink.isPlain() && Dense.fits(csr, w, sink.array())) {
      return Dense.of(csr, w).delivery((float[]) sink.array(), sink.batch(), share);
    }
    if (sink.batch() > 1) {
      return batchDelivery(w, sink, share);
    }
    boolean wide = sink.array() instanceof double[] || w instanceof double[];
    if (!wide && !csr.consecutive()) {
      return new RowDelivery(csr, (float[]) w, sink, share);
    }
    Columns part = new Columns(csr, share);
    RowVisitor add = csr.consecutive() ? Sums.addRuns(sink) : Sums.add(sink, 0);
    return events -> part.visit(events.indices(), events.count(), w, add);
  }

  /** Passes over all sums of a batch only where there are as many synapses to deliver. */
  private Consumer<Events> batchDelivery(Object w, Sink sink, Share share) {
    var part = new Columns(csr, share);
    var together = new BatchDelivery(sink, (rows, count, v) -> part.visit(rows, count, w, v));
    if (!sink.isPlain() || sink.array() instanceof double[]) {
      return together;
    }
    var apart =
        new MemberDelivery(sink, csr.width(), share, v -> delivery(w, Sink.of(v, 1), share));
    int rows = rows();
    long sums = (long) csr.width() * sink.batch();
    return events -> {
      boolean few = (long) events.count() * csr.synapses() < sums * rows;
      (few ? together : apart).accept(events);
    };
  }

  @Override
  public Consumer<Events> arrivals(Sink sink, Share share) {
    return delivery(null, sink, share);
  }

  @Override
  public Runnable product(Sum sum, Object weights, Share share) {
    Object w = weights(weights);
    Runnable fast = fast(sum, w, share);
    if (weights == null) {
      return fast;
    }
    int targets = sum.direction() == Direction.ALONG ? csr.width() : rows();
    int from = share.from(targets) * sum.batch();
    int to = share.to(targets) * sum.batch();
    Runnable exact = walk(sum, w, share, Guarded.visitor(sum));
    return new Guarded(fast, exact, sum.target(), from, to);
  }

  private Runnable fast(Sum sum, Object w, Share share) {
    boolean alone = sum.batch() == 1 && sum.direction() == Direction.AGAINST;
    if (!alone && Dense.fits(csr, w, sum.target())) {
      return Dense.of(csr, w).product(sum, share);
    }
    if (sum.direction() == Direction.ALONG) {
      var part = new Columns(csr, share);
      return Sums.scatter(sum, csr.consecutive(), v -> part.visitAll(0, rows(), w, v));
    }
    if (csr.consecutive() && w instanceof float[] f && Runs.fits(sum)) {
      return sum.needed() == null
          ? () -> Runs.gather(csr, share.from(rows()), share.to(rows()), f, sum)
          : Runs.some(csr, share, f, sum);
    }
    return walk(sum, w, share, Sums.gather(sum));
  }

  /** All synapses that end in the share, row by row. */
  private Runnable walk(Sum sum, Object w, Share share, RowVisitor visitor) {
    int rows = rows();
    if (sum.direction() == Direction.ALONG) {
      var part = new Columns(csr, share);
      return () -> part.visitAll(0, rows, w, visitor);
    }
    var whole = new Columns(csr, Share.WHOLE);
    return () -> {
      for (int i = share.from(rows); i < share.to(rows); i++) {
        if (sum.needs(i)) {
          whole.row(i, w, visitor);
        }
      }
    };
  }

  private int rows() {
    return csr.indptr().length - 1;
  }

  @Override
  public Runnable pairs(Object pre, Object post, Object target, int batch) {
    weights(target);
    Optional<DensePairs> dense = densePairs(post, target, batch);
    if (dense.isPresent()) {
      return () -> dense.get().set((float[]) pre);
    }
    var whole = new Columns(csr, Share.WHOLE);
    RowVisitor pair = Sums.pair(pre, post, target, batch);
    return () -> whole.visitAll(0, rows(), null, pair);
  }

  @Override
  public Optional<Runnable> addedPairs(Object pre, Object post, Object target, int batch) {
    return densePairs(post, target, batch).map(p -> () -> p.add((float[]) pre));
  }

  @Override
  public Optional<Consumer<Events>> addedEvents(Object post, Object target, int batch) {
    return densePairs(post, target, batch).map(p -> p::add);
  }

  private Optional<DensePairs> densePairs(Object post, Object target, int batch) {
    return Dense.fits(csr, target, target)
        ? Optional.of(new DensePairs(Dense.of(csr, target), (float[]) post, batch))
        : Optional.empty();
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
    var degrees = new int[rows()];
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
    private final Csr csr;
    private final int[] indptr;
    private final int[] starts;
    private final int from;
    private final int to;
    private final boolean whole;
    private final boolean shared;

    /** Keeps the reading ahead alive for the compiler. */
    @SuppressWarnings("UnusedVariable")
    private int fetched;

    Columns(Csr csr, Share share) {
      this.csr = csr;
      this.indptr = csr.indptr();
      this.starts = csr.starts();
      this.shared = csr.consecutive();
      this.from = share.from(csr.width());
      this.to = share.to(csr.width());
      this.whole = share.parts() == 1;
    }

    void visit(int[] rows, int count, Object w, RowVisitor visitor) {
      for (int begin = 0; begin < count; begin += RowDelivery.ROWS_AHEAD) {
        int end = Math.min(count, begin + RowDelivery.ROWS_AHEAD);
        for (int r = begin; r < end && !shared; r++) {
          fetched += RowDelivery.fetch(csr.columns(), indptr[rows[r]], indptr[rows[r] + 1]);
        }
        for (int r = begin; r < end; r++) {
          row(rows[r], w, visitor);
        }
      }
    }

    void visitAll(int first, int end, Object w, RowVisitor visitor) {
      for (int i = first; i < end; i++) {
        row(i, w, visitor);
      }
    }

    private void row(int i, Object w, RowVisitor visitor) {
      int[] columns = csr.columns();
      int begin = starts[i];
      int end = begin + indptr[i + 1] - indptr[i];
      if (whole) {
        visitor.row(i, columns, begin, end, w, indptr[i]);
      } else {
        int first = lower(begin, end, from);
        visitor.row(i, columns, first, lower(begin, end, to), w, indptr[i] + first - begin);
      }
    }

    /** The first synapse in {@code [begin, end)} at or behind a column. */
    private int lower(int begin, int end, int column) {
      int at = Arrays.binarySearch(csr.columns(), begin, end, column);
      return at < 0 ? -at - 1 : at;
    }
  }
}

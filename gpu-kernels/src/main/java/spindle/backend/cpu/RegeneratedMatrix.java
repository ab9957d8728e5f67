package spindle.backend.cpu;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Supplier;
import spindle.compile.Events;
import spindle.compile.RowLoop;
import spindle.compile.RowVisitor;
import spindle.ir.Direction;
import spindle.ir.Rows;

/** Multiplies by rows that are walked anew each time; holds no synapse. */
final class RegeneratedMatrix implements Matrix {
  private final Rows rows;
  private final Supplier<RowLoop> loops;
  private final RowLoop loop;
  private int[] all = new int[0];

  /**
   * @param loops makes row loops, one for each thread
   */
  RegeneratedMatrix(Rows rows, Supplier<RowLoop> loops) {
    this.rows = rows;
    this.loops = loops;
    this.loop = loops.get();
  }

  private RowLoop loop(Share share) {
    return share.part() == 0 ? loop : loops.get();
  }

  @Override
  public Consumer<Events> delivery(Object weights, Object target, int batch, Share share) {
    requireOwn(weights);
    if (rows.byPost()) {
      return gathering(target, batch, share);
    }
    RowLoop own = loop(share);
    if (batch > 1) {
      return new BatchDelivery(
          batch, target, (some, count, v) -> visit(own, some, count, share, v));
    }
    if (loop.weighted()) {
      RowVisitor add = Sums.add(target, 1, 0);
      return events -> visit(own, events.indices(), events.count(), share, add);
    }
    return events -> {
      for (int chunk = share.part(); chunk < rows.chunks(); chunk += share.parts()) {
        own.count(events.indices(), 0, events.count(), chunk, target);
      }
    };
  }

  /** Chunk by chunk, so that the part of the target in use stays in the cache. */
  private void visit(RowLoop own, int[] some, int count, Share share, RowVisitor visitor) {
    for (int chunk = share.part(); chunk < rows.chunks(); chunk += share.parts()) {
      own.visit(some, 0, count, chunk, visitor);
    }
  }

  /** Rows by post are all walked, whoever fired: their columns are the presynaptic neurons. */
  private Consumer<Events> gathering(Object target, int batch, Share share) {
    Object marks =
        target instanceof float[] ? new float[rows.pre() * batch] : new double[rows.pre() * batch];
    Runnable product = product(new Sum(Direction.ALONG, marks, target, batch), null, share);
    return events -> {
      mark(marks, events, 1);
      product.run();
      mark(marks, events, 0);
    };
  }

  private static void mark(Object marks, Events events, int value) {
    for (int e = 0; e < events.count(); e++) {
      if (marks instanceof float[] f) {
        f[events.indices()[e]] = value;
      } else {
        ((double[]) marks)[events.indices()[e]] = value;
      }
    }
  }

  @Override
  public Runnable product(Sum sum, Object weights, Share share) {
    requireOwn(weights);
    RowLoop own = loop(share);
    int[] some = all();
    if (rows.byPost() == (sum.direction() == Direction.AGAINST)) {
      RowVisitor scatter = Sums.scatter(sum);
      return () -> visit(own, some, some.length, share, scatter);
    }
    RowVisitor gather = Sums.ascending(Sums.gather(sum));
    int from = share.from(some.length);
    int to = share.to(some.length);
    return () -> {
      for (int chunk = 0; chunk < rows.chunks(); chunk++) {
        own.visit(some, from, to, chunk, gather);
      }
    };
  }

  private static void requireOwn(Object weights) {
    if (weights != null) {
      throw new IllegalStateException("rows with weights by synapse are stored");
    }
  }

  @Override
  public Runnable pairs(Object pre, Object post, Object target, int batch) {
    throw new IllegalStateException("rows with weights by synapse are stored");
  }

  private synchronized int[] all() {
    if (all.length < rows.rows()) {
      all = new int[rows.rows()];
      Arrays.setAll(all, i -> i);
    }
    return all;
  }

  private void visitAll(RowVisitor visitor) {
    visit(loop, all(), rows.rows(), Share.WHOLE, visitor);
  }

  @Override
  public long synapses() {
    long[] sum = new long[1];
    visitAll((row, columns, from, to, w, first) -> sum[0] += to - from);
    return sum[0];
  }

  @Override
  public int[] outDegrees() {
    var degrees = new int[rows.pre()];
    visitAll(
        (row, columns, from, to, w, first) -> {
          if (!rows.byPost()) {
            degrees[row] += to - from;
            return;
          }
          for (int k = from; k < to; k++) {
            degrees[columns[k]]++;
          }
        });
    return degrees;
  }

  @Override
  public long bytes() {
    return 4L * all.length;
  }

  @Override
  public double buildSeconds() {
    return 0;
  }
}

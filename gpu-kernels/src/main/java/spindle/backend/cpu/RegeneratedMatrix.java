package spindle.backend.cpu;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import spindle.compile.Events;
import spindle.compile.RowLoop;
import spindle.compile.RowVisitor;
import spindle.compile.RowWalk;
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
  public boolean counts() {
    return !rows.byPost() && !rows.delayed() && !loop.weighted();
  }

  @Override
  public Consumer<Events> delivery(Object weights, Sink sink, Share share) {
    requireOwn(weights);
    if (rows.byPost()) {
      return gathering(sink, share);
    }
    if (!rows.delayed() && (sink.batch() > 1 || loop.weighted())) {
      return arrivals(sink, share);
    }
    RowLoop own = loop(share);
    if (rows.delayed()) {
      return added(sink, new Sources(rows, (some, count, v) -> visit(own, some, count, share, v)));
    }
    RowWalk count = own.count(sink.array(), Memory.spare(sink.array(), share));
    return events -> {
      for (int chunk = share.part(); chunk < rows.chunks(); chunk += share.parts()) {
        count.walk(events.indices(), 0, events.count(), chunk);
      }
    };
  }

  @Override
  public Consumer<Events> arrivals(Sink sink, Share share) {
    RowLoop own = loop(share);
    return added(sink, (some, count, v) -> visit(own, some, count, share, v));
  }

  private static Consumer<Events> added(Sink sink, BatchDelivery.Source source) {
    if (sink.batch() > 1) {
      return new BatchDelivery(sink, source);
    }
    RowVisitor add = Sums.add(sink, 0);
    return events -> source.visit(events.indices(), events.count(), add);
  }

  /** Chunk by chunk, so that the part of the target in use stays in the cache. */
  private void visit(RowLoop own, int[] some, int count, Share share, RowVisitor visitor) {
    for (int chunk = share.part(); chunk < rows.chunks(); chunk += share.parts()) {
      own.visit(some, 0, count, chunk, visitor);
    }
  }

  /** Rows by post are all walked, whoever fired: their columns are the sources. */
  private Consumer<Events> gathering(Sink sink, Share share) {
    int sources = Math.multiplyExact(rows.sources(), sink.batch());
    Object target = sink.array();
    Object marks = target instanceof float[] ? new float[sources] : new double[sources];
    Runnable product =
        product(new Sum(Direction.ALONG, marks, target, sink.batch(), null), null, share);
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
      return Sums.scatter(
          sum,
          false,
          rows.delayed() && !rows.byPost()
              ? stepwise(own, share)
              : v -> visit(own, some, some.length, share, v));
    }
    RowWalk gather = gather(sum, own);
    int from = share.from(some.length);
    int to = share.to(some.length);
    var needed = new int[sum.needed() == null || rows.delayed() ? 0 : to - from];
    return () -> {
      int count = needed.length == 0 ? 0 : sum.pick(from, to, needed);
      for (int chunk = 0; chunk < rows.chunks(); chunk++) {
        if (needed.length == 0) {
          gather.walk(some, from, to, chunk);
        } else {
          gather.walk(needed, 0, count, chunk);
        }
      }
    };
  }

  private RowWalk gather(Sum sum, RowLoop own) {
    Optional<RowWalk> unlisted =
        sum.batch() == 1 && sum.target() instanceof float[] f
            ? own.gather((float[]) sum.x(), f)
            : Optional.empty();
    return unlisted.orElseGet(
        () -> {
          RowVisitor sums = Sums.gather(sum);
          RowVisitor gather =
              rows.delayed() && !rows.byPost() ? new Ages(rows).all(sums) : Sums.ascending(sums);
          return (some, from, to, chunk) -> own.visit(some, from, to, chunk, gather);
        });
  }

  /** All rows once per delay: a sum goes from the oldest sources to the newest. */
  private Consumer<RowVisitor> stepwise(RowLoop own, Share share) {
    var ages = new Ages(rows);
    int[] some = all();
    return visitor -> {
      for (int step = 0; step < rows.longest(); step++) {
        visit(own, some, some.length, share, ages.only(step, visitor));
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
    return loop.outDegrees(rows);
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

package spindle.backend.cpu;

import java.util.Arrays;
import java.util.function.Consumer;
import spindle.compile.Events;
import spindle.compile.RowLoop;
import spindle.compile.RowVisitor;
import spindle.ir.Direction;
import spindle.ir.Rows;

/** Multiplies by rows that are walked anew each time; holds no synapse. */
final class RegeneratedMatrix implements Matrix {
  private final Rows rows;
  private final RowLoop loop;
  private int[] all = new int[0];

  RegeneratedMatrix(Rows rows, RowLoop loop) {
    this.rows = rows;
    this.loop = loop;
  }

  @Override
  public Consumer<Events> delivery(Object weights, Object target, int batch) {
    requireOwn(weights);
    if (rows.byPost()) {
      return gathering(target, batch);
    }
    if (batch > 1) {
      return new BatchDelivery(rows.chunks(), batch, target, loop::visit);
    }
    // Chunk by chunk, so that the part of the target in use stays in the cache.
    if (!loop.weighted()) {
      return events -> {
        for (int chunk = 0; chunk < rows.chunks(); chunk++) {
          loop.count(events.indices(), 0, events.count(), chunk, target);
        }
      };
    }
    RowVisitor add = Sums.add(target, 1, 0);
    return events -> {
      for (int chunk = 0; chunk < rows.chunks(); chunk++) {
        loop.visit(events.indices(), 0, events.count(), chunk, add);
      }
    };
  }

  /** Rows by post are all walked, whoever fired: their columns are the presynaptic neurons. */
  private Consumer<Events> gathering(Object target, int batch) {
    Object marks =
        target instanceof float[] ? new float[rows.pre() * batch] : new double[rows.pre() * batch];
    Runnable product = product(Direction.ALONG, marks, null, target, batch);
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
  public Runnable product(Direction direction, Object x, Object weights, Object target, int batch) {
    requireOwn(weights);
    boolean scatters = rows.byPost() == (direction == Direction.AGAINST);
    RowVisitor sum =
        scatters ? Sums.scatter(x, target, batch) : Sums.ascending(Sums.gather(x, target, batch));
    return () -> visitAll(sum);
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

  private void visitAll(RowVisitor visitor) {
    if (all.length < rows.rows()) {
      all = new int[rows.rows()];
      Arrays.setAll(all, i -> i);
    }
    for (int chunk = 0; chunk < rows.chunks(); chunk++) {
      loop.visit(all, 0, rows.rows(), chunk, visitor);
    }
  }

  @Override
  public long synapses() {
    long[] sum = new long[1];
    visitAll((row, columns, from, to, w) -> sum[0] += to - from);
    return sum[0];
  }

  @Override
  public int[] outDegrees() {
    var degrees = new int[rows.pre()];
    visitAll(
        (row, columns, from, to, w) -> {
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

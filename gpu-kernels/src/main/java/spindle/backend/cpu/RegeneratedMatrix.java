package spindle.backend.cpu;

import java.util.Arrays;
import spindle.compile.Events;
import spindle.compile.RowLoop;
import spindle.compile.Synapses;
import spindle.ir.Rows;

/** Delivers spikes through rows that are walked anew each time; holds no synapse. */
final class RegeneratedMatrix implements Matrix {
  private final Rows rows;
  private final RowLoop loop;
  private final boolean weighted;
  private final Synapses row = new Synapses();
  private final boolean[] fired;
  private long[] order = new long[0];
  private long synapses = -1;

  RegeneratedMatrix(Rows rows, RowLoop loop) {
    this.rows = rows;
    this.loop = loop;
    this.weighted = rows.weighted();
    this.fired = new boolean[rows.byPost() ? rows.pre() : 0];
  }

  @Override
  public void deliver(Events events, Object target) {
    if (rows.byPost()) {
      gather(events, target);
      return;
    }
    // Chunk by chunk, so that the part of the target in use stays in the L2 cache.
    for (int chunk = 0; chunk < rows.chunks(); chunk++) {
      for (int e = 0; e < events.count(); e++) {
        scatter(events.indices()[e], chunk, target);
      }
    }
  }

  private void scatter(int i, int chunk, Object target) {
    if (target instanceof float[] f) {
      loop.add(i, chunk, f);
    } else {
      loop.add(i, chunk, (double[]) target);
    }
  }

  /** Rows by post are all walked, whoever fired: their columns are the presynaptic neurons. */
  private void gather(Events events, Object target) {
    for (int e = 0; e < events.count(); e++) {
      fired[events.indices()[e]] = true;
    }
    for (int j = 0; j < rows.rows(); j++) {
      list(j);
      if (target instanceof float[] f) {
        f[j] += weighted ? (float) sum(true) : count();
      } else {
        ((double[]) target)[j] += weighted ? sum(false) : count();
      }
    }
    for (int e = 0; e < events.count(); e++) {
      fired[events.indices()[e]] = false;
    }
  }

  private void list(int j) {
    row.clear();
    for (int chunk = 0; chunk < rows.chunks(); chunk++) {
      loop.list(j, chunk, row);
    }
  }

  private int count() {
    int sum = 0;
    for (int k = 0; k < row.count(); k++) {
      sum += fired[row.column(k)] ? 1 : 0;
    }
    return sum;
  }

  /** The weights of the neurons that fired, added in ascending order of neuron. */
  private double sum(boolean single) {
    if (order.length < row.count()) {
      order = new long[2 * row.count()];
    }
    int n = 0;
    for (int k = 0; k < row.count(); k++) {
      if (fired[row.column(k)]) {
        order[n++] = (long) row.column(k) << 32 | k;
      }
    }
    Arrays.sort(order, 0, n);
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double w = row.weight((int) order[k]);
      sum = single ? (float) sum + (float) w : sum + w;
    }
    return sum;
  }

  @Override
  public long synapses() {
    if (synapses < 0) {
      synapses = 0;
      for (int i = 0; i < rows.rows(); i++) {
        list(i);
        synapses += row.count();
      }
    }
    return synapses;
  }

  @Override
  public int[] outDegrees() {
    var degrees = new int[rows.pre()];
    for (int i = 0; i < rows.rows(); i++) {
      list(i);
      if (!rows.byPost()) {
        degrees[i] = row.count();
        continue;
      }
      for (int k = 0; k < row.count(); k++) {
        degrees[row.column(k)]++;
      }
    }
    return degrees;
  }

  @Override
  public long bytes() {
    return fired.length;
  }

  @Override
  public double buildSeconds() {
    return 0;
  }
}

package spindle.backend.cuda;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import spindle.compile.Mode;
import spindle.compile.RowLoop;
import spindle.compile.ptx.Arena.Kind;
import spindle.ir.Rows;

/** The synapses of some rows, for tables by source and by target. */
final class Synapses {
  private final Rows rows;
  private int[] sources = new int[1024];
  private int[] targets = new int[1024];
  private double[] weights = new double[0];
  private int count;

  private Synapses(Rows rows) {
    this.rows = rows;
  }

  /** Walks all rows, in order of source and then target. */
  static Synapses of(Rows rows, Map<String, Double> arguments) {
    var synapses = new Synapses(rows);
    var loop = new RowLoop(rows, arguments, Mode.FUSED);
    int[] all = IntStream.range(0, rows.rows()).toArray();
    for (int chunk = 0; chunk < rows.chunks(); chunk++) {
      loop.visit(all, 0, all.length, chunk, synapses::add);
    }
    if (synapses.isOrdered()) {
      synapses.trim();
    } else {
      synapses.permute(synapses.order(synapses.targets, rows.post()));
      synapses.permute(synapses.order(synapses.sources, rows.sources()));
    }
    return synapses;
  }

  private void trim() {
    int length = Math.max(1, count);
    sources = Arrays.copyOf(sources, length);
    targets = Arrays.copyOf(targets, length);
    weights = weights.length == 0 ? weights : Arrays.copyOf(weights, length);
  }

  private boolean isOrdered() {
    for (int k = 1; k < count; k++) {
      if (sources[k] < sources[k - 1]
          || (sources[k] == sources[k - 1] && targets[k] < targets[k - 1])) {
        return false;
      }
    }
    return true;
  }

  private void add(int row, int[] columns, int from, int to, Object ws, int first) {
    reserve(to - from, ws != null);
    for (int k = from; k < to; k++) {
      // Columns of delayed rows count once per delay, the longest first.
      int turn = columns[k] / rows.columns();
      int column = columns[k] % rows.columns();
      int i = rows.byPost() ? column : row;
      sources[count] = turn * rows.pre() + i;
      targets[count] = rows.byPost() ? row : column;
      if (ws != null) {
        int w = first + k - from;
        weights[count] = ws instanceof float[] f ? f[w] : ((double[]) ws)[w];
      }
      count++;
    }
  }

  private void reserve(int more, boolean weighted) {
    int wanted = Math.addExact(count, more);
    if (wanted > sources.length) {
      int length = Math.max(wanted, (int) Math.min(Integer.MAX_VALUE - 8, 2L * sources.length));
      sources = Arrays.copyOf(sources, length);
      targets = Arrays.copyOf(targets, length);
    }
    if (weighted && weights.length < sources.length) {
      weights = Arrays.copyOf(weights, sources.length);
    }
  }

  /** Where each synapse comes to stand in ascending order of a key, equal ones as they are. */
  private int[] order(int[] key, int keys) {
    int[] next = starts(key, keys);
    var to = new int[count];
    for (int k = 0; k < count; k++) {
      to[k] = next[key[k]]++;
    }
    return to;
  }

  private int[] starts(int[] key, int keys) {
    var starts = new int[keys + 1];
    for (int k = 0; k < count; k++) {
      starts[key[k] + 1]++;
    }
    for (int i = 0; i < keys; i++) {
      starts[i + 1] += starts[i];
    }
    return starts;
  }

  private void permute(int[] to) {
    sources = permuted(sources, to);
    targets = permuted(targets, to);
    weights = weights.length == 0 ? weights : permuted(weights, to);
  }

  private int[] permuted(int[] values, int[] to) {
    var out = new int[Math.max(1, count)];
    for (int k = 0; k < count; k++) {
      out[to[k]] = values[k];
    }
    return out;
  }

  private double[] permuted(double[] values, int[] to) {
    var out = new double[Math.max(1, count)];
    for (int k = 0; k < count; k++) {
      out[to[k]] = values[k];
    }
    return out;
  }

  int count() {
    return count;
  }

  /** Synapses per presynaptic neuron. */
  int[] outDegrees() {
    var degrees = new int[rows.pre()];
    for (int k = 0; k < count; k++) {
      degrees[sources[k] % degrees.length]++;
    }
    return degrees;
  }

  /** The contents of a table: {@code int[]}, or {@code double[]} for weights. */
  Object table(Kind kind) {
    return switch (kind) {
      case STARTS -> starts(sources, rows.sources());
      case TARGETS -> targets;
      case SOURCES -> sources;
      case WEIGHTS -> weights;
      case TARGET_STARTS -> starts(targets, rows.post());
      case TARGET_SOURCES -> permuted(sources, order(targets, rows.post()));
      case TARGET_NUMBERS ->
          permuted(IntStream.range(0, count).toArray(), order(targets, rows.post()));
      case TARGET_WEIGHTS -> permuted(weights, order(targets, rows.post()));
      case RECORDING, NOT_FINITE -> throw new IllegalArgumentException("no table of rows");
    };
  }
}

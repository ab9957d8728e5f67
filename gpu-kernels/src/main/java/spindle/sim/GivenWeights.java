package spindle.sim;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import spindle.compile.Mode;
import spindle.compile.RowLoop;
import spindle.compile.RowVisitor;
import spindle.connect.Connectivity;
import spindle.connect.Csr;
import spindle.connect.Delayed;
import spindle.ir.Rows;

/** The weights that a {@link Csr} brings along, with or without delays. */
final class GivenWeights {
  private GivenWeights() {}

  /** The synapses that have them, or nothing. */
  static Optional<Csr> of(Connectivity connectivity) {
    return Delayed.undelayed(connectivity) instanceof Csr csr && csr.weights().length() > 0
        ? Optional.of(csr)
        : Optional.empty();
  }

  /** The same connectivity without them. */
  static Connectivity without(Connectivity connectivity) {
    if (connectivity instanceof Delayed delayed) {
      return new Delayed(without(delayed.connected()), delayed.law());
    }
    return connectivity instanceof Csr csr ? csr.unweighted() : connectivity;
  }

  /**
   * The weights in the order in which {@link Product#weights} takes them: by source, so that those
   * of the longest delay come first.
   *
   * @param rows of the synapses, by presynaptic neuron
   */
  static float[] ordered(Csr csr, Rows rows, Map<String, Double> arguments) {
    var own = (float[]) csr.weights().shared();
    if (!rows.delayed()) {
      return own;
    }
    var all = new int[rows.rows()];
    Arrays.setAll(all, i -> i);
    var steps = new Steps(rows, own.length);
    // Rows that are given come in one chunk.
    new RowLoop(rows, arguments, Mode.FUSED).visit(all, 0, all.length, 0, steps);
    int[] next = steps.starts();
    var ordered = new float[own.length];
    for (int k = 0; k < own.length; k++) {
      ordered[next[steps.of[k]]++] = own[k];
    }
    return ordered;
  }

  /** Which step each synapse passes on, 0 for that of the longest delay. */
  private static final class Steps implements RowVisitor {
    private final Rows rows;
    private final int[] of;
    private int count;

    Steps(Rows rows, int synapses) {
      this.rows = rows;
      this.of = new int[synapses];
    }

    @Override
    public void row(int row, int[] columns, int from, int to, Object weights, int first) {
      for (int k = from; k < to; k++) {
        of[count++] = columns[k] / rows.columns();
      }
    }

    /** The number of the first synapse of each step. */
    int[] starts() {
      var starts = new int[rows.longest() + 1];
      for (int step : of) {
        starts[step + 1]++;
      }
      for (int step = 0; step < rows.longest(); step++) {
        starts[step + 1] += starts[step];
      }
      return starts;
    }
  }
}

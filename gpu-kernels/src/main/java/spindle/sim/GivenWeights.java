package spindle.sim;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import spindle.compile.Mode;
import spindle.compile.RowLoop;
import spindle.connect.Connectivity;
import spindle.connect.Csr;
import spindle.connect.Delayed;
import spindle.ir.Rows;

/** The weights that a {@link Csr} brings along, with or without delays. */
final class GivenWeights {
  private GivenWeights() {}

  /** The synapses that have them, or nothing. */
  static Optional<Csr> of(Connectivity connectivity) {
    if (connectivity instanceof Delayed delayed) {
      return of(delayed.connected());
    }
    return connectivity instanceof Csr csr && csr.weights().length() > 0
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
    var steps = new int[own.length];
    var next = new int[rows.longest() + 1];
    var count = new int[1];
    var all = new int[rows.rows()];
    Arrays.setAll(all, i -> i);
    new RowLoop(rows, arguments, Mode.FUSED)
        .visit(
            all,
            0,
            all.length,
            0,
            (row, columns, from, to, weights, first) -> {
              for (int k = from; k < to; k++) {
                int step = columns[k] / rows.post(); // as RowLoop counts columns with delays
                steps[count[0]++] = step;
                next[step + 1]++;
              }
            });
    Arrays.parallelPrefix(next, Integer::sum);
    var ordered = new float[own.length];
    for (int k = 0; k < own.length; k++) {
      ordered[next[steps[k]]++] = own[k];
    }
    return ordered;
  }
}

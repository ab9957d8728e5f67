package spindle.connect;

import java.util.Map;
import spindle.ir.Rows;

/**
 * Every neuron is connected to every neuron, itself included.
 *
 * <p>With a weight per synapse (TRANSMIT, {@code Product.Weights.PER_SYNAPSE}) this is a dense
 * matrix, row by row: weight {@code i * post + j} from i to j. Its columns are consecutive, so that
 * none is kept or read.
 *
 * @param pre number of presynaptic neurons
 * @param post number of postsynaptic neurons
 */
public record AllToAll(int pre, int post) implements Connectivity {
  public AllToAll {
    Connectivity.requireSizes(pre, post);
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    var t = new RowTrace(name, "all-to-all");
    t.output(Rows.FIRST, t.integer(0))
        .output(Rows.END, t.integer(post))
        .output(Rows.COLUMN, t.cursor())
        .output(Rows.NEXT, t.cursor().plus(1));
    return new Rows(name, pre, post, 1, false, storage, t.finish());
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    return Map.of();
  }

  @Override
  public double expectedSynapses() {
    return (double) pre * post;
  }
}

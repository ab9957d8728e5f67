package spindle.connect;

import java.util.Map;
import spindle.ir.Rows;

/**
 * Each postsynaptic neuron has exactly {@code degree} distinct sources, chosen uniformly.
 *
 * <p>Its rows go by postsynaptic neuron; when regenerated, delivery gathers over all of them.
 *
 * @param pre number of presynaptic neurons
 * @param post number of postsynaptic neurons
 * @param degree sources per postsynaptic neuron
 */
public record FixedInDegree(int pre, int post, int degree) implements Connectivity {
  public FixedInDegree {
    Connectivity.requireSizes(pre, post);
    Connectivity.requireColumns(pre);
    if (degree < 0 || degree > pre) {
      throw new IllegalArgumentException("in-degree must be in [0, " + pre + "], got " + degree);
    }
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    return FixedOutDegree.rows(name, post, pre, true, storage);
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    return FixedOutDegree.arguments(name, degree, seed);
  }

  @Override
  public double expectedSynapses() {
    return (double) post * degree;
  }
}

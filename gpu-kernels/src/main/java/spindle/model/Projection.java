package spindle.model;

import spindle.connect.Connectivity;
import spindle.ir.Rows;

/**
 * Synapses from a group onto a receptor of a population.
 *
 * @param name names its random streams; part of the seed contract
 * @param pre presynaptic neurons
 * @param post postsynaptic population
 * @param connectivity which pairs are connected
 * @param storage how the matrix is kept
 * @param weight what each arriving spike adds, times the synapse's own weight if it has one
 * @param delayMs from spike to arrival [ms]; less than one step counts as one step
 */
public record Projection(
    String name,
    Group pre,
    Population post,
    Receptor receptor,
    Connectivity connectivity,
    Rows.Storage storage,
    double weight,
    double delayMs) {
  public Projection {
    if (connectivity.pre() != pre.size() || connectivity.post() != post.size()) {
      throw new IllegalArgumentException(
          name
              + ": connectivity is "
              + connectivity.pre()
              + " x "
              + connectivity.post()
              + ", neurons are "
              + pre.size()
              + " x "
              + post.size());
    }
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(name + ": weight must be finite, got " + weight);
    }
    if (!(delayMs >= 0)) {
      throw new IllegalArgumentException(name + ": delay must be >= 0 ms, got " + delayMs);
    }
  }

  boolean isOnto(Population population) {
    return post.name().equals(population.name());
  }
}

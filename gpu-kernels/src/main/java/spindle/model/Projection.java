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
 * @param delays from spike to arrival
 */
public record Projection(
    String name,
    Group pre,
    Population post,
    Receptor receptor,
    Connectivity connectivity,
    Rows.Storage storage,
    double weight,
    Delays delays) {
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
  }

  /** Synapses with one delay [ms]. */
  public Projection(
      String name,
      Group pre,
      Population post,
      Receptor receptor,
      Connectivity connectivity,
      Rows.Storage storage,
      double weight,
      double delayMs) {
    this(name, pre, post, receptor, connectivity, storage, weight, new Delays.Constant(delayMs));
  }

  boolean isOnto(Population population) {
    return post.name().equals(population.name());
  }
}

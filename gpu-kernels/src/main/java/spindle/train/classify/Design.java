package spindle.train.classify;

import java.util.Map;
import java.util.Set;
import spindle.grad.surrogate.Surrogate;
import spindle.ir.Expr;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.train.initial.Initializer;

/**
 * A network that classifies, and what of it is learned.
 *
 * @param network its first population is a {@link Stimulus}, the potentials of its last are the
 *     scores; those between are hidden
 * @param members images side by side
 * @param steps how long an image is shown
 * @param weights how the synaptic weights of learned projections start, by projection
 * @param parameters names of learned parameters, which are learned relative to their values
 * @param spikes derivative of spikes
 * @param loss what is made small
 */
public record Design(
    Network network,
    int members,
    int steps,
    Map<String, Initializer> weights,
    Set<String> parameters,
    Spikes spikes,
    Objective loss) {
  public Design {
    weights = Map.copyOf(weights);
    parameters = Set.copyOf(parameters);
    if (network.populations().size() < 2
        || !(network.populations().get(0).neuron() instanceof Stimulus)) {
      throw new IllegalArgumentException(
          network.name() + ": the first population must be a stimulus, the last has the scores");
    }
  }

  /**
   * A surrogate of a width: its argument is the distance from threshold over the width, so that the
   * derivative is as much wider as it is lower.
   *
   * @param width in the unit of the potential
   */
  public record Spikes(Surrogate surrogate, double width) {
    public Spikes {
      if (!(width > 0 && width < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("width must be positive and finite, got " + width);
      }
    }

    Expr of(Expr above) {
      return surrogate.spike(above.times(1 / width));
    }
  }

  /**
   * Cross entropy of the scores, plus a penalty on the rates of hidden neurons: the mean over them
   * of (rate - target)^2 [Hz^2].
   *
   * @param readout what the scores are
   * @param penalty factor of the penalty; 0: none
   * @param targetHz rate asked for [Hz]
   */
  public record Objective(Readout readout, double penalty, double targetHz) {}

  Population input() {
    return network.populations().get(0);
  }

  Population output() {
    return network.populations().get(network.populations().size() - 1);
  }

  Projection projection(String name) {
    return network.projections().stream()
        .filter(q -> q.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    network.name() + " has no projection " + name + " to learn"));
  }
}

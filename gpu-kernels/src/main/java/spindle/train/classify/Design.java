package spindle.train.classify;

import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.grad.surrogate.Surrogate;
import spindle.ir.Expr;
import spindle.ir.Variable;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.train.initial.Initializer;
import spindle.train.initial.Shape;
import spindle.train.loop.Parameter;
import spindle.train.loss.Regulariser;

/**
 * A network that classifies, and what of it is learned.
 *
 * @param network its first population is a {@link Stimulus}, the potentials of its last are the
 *     scores; those between are hidden
 * @param members samples side by side
 * @param steps how long a sample is shown
 * @param weights the synaptic weights of learned projections, by projection
 * @param parameters names of learned parameters, which are learned relative to their values
 * @param spikes derivative of spikes
 * @param loss what is made small
 */
public record Design(
    Network network,
    int members,
    int steps,
    Map<String, Weights> weights,
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
   * Learned weights of a projection.
   *
   * @param start how they begin; of weights that keep their sign, what their sizes are
   * @param least below which none is learned: 0 for neurons whose synapses are all of one sign
   *     (Dale)
   */
  public record Weights(Initializer start, double least) {
    /** Weights of either sign. */
    public static Weights free(Initializer start) {
      return new Weights(start, Double.NEGATIVE_INFINITY);
    }

    Parameter parameter(Variable v, Shape shape, long seed) {
      double[] values = start.values(shape, seed, v.name());
      for (int i = 0; i < values.length; i++) {
        values[i] = values[i] < least ? Math.abs(values[i]) : values[i];
      }
      return new Parameter(v, values, least, Double.POSITIVE_INFINITY);
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
   * Cross entropy of the scores, plus penalties.
   *
   * @param readout what the scores are
   * @param from the step from which potentials count
   * @param penalties on hidden neurons
   */
  public record Objective(Readout readout, int from, List<Penalty> penalties) {
    public Objective {
      penalties = List.copyOf(penalties);
      if (from < 0) {
        throw new IllegalArgumentException("potentials count from a step on, got " + from);
      }
    }
  }

  /**
   * A penalty on each hidden population.
   *
   * @param factor of it in the loss
   * @param on what the regulariser is about
   * @param vThreshold threshold of the hidden neurons, which lose as much when they spike [mV]; for
   *     potentials only
   */
  public record Penalty(double factor, Regulariser regulariser, On on, double vThreshold) {
    /** A penalty on rates. */
    public static Penalty onSpikes(double factor, Regulariser regulariser) {
      return new Penalty(factor, regulariser, On.SPIKES, 0);
    }

    /** A penalty on potentials before reset, from threshold and in its units. */
    public static Penalty onPotentials(double factor, Regulariser regulariser, double vThreshold) {
      return new Penalty(factor, regulariser, On.POTENTIALS, vThreshold);
    }

    /** What it is about at one step, from the spikes and the potentials behind their reset. */
    Expr each(Expr spikes, Expr v) {
      return switch (on) {
        case SPIKES -> regulariser.each(spikes);
        case POTENTIALS -> regulariser.each(v.over(vThreshold).plus(spikes).minus(1));
      };
    }
  }

  /** What a penalty is about. */
  public enum On {
    SPIKES,
    POTENTIALS
  }

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

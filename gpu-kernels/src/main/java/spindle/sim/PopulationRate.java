package spindle.sim;

import java.util.function.Consumer;
import spindle.model.Group;

/**
 * Firing rate of a whole group in successive bins: spikes over neurons and time [Hz].
 *
 * <p>A bin holds the spikes of the steps since the last one; an unfinished bin is not given.
 */
public final class PopulationRate implements SpikeReader {
  private final Group group;
  private final int bin;
  private final double hertzPerSpike;
  private final double[] sample = new double[1];
  private final Consumer<double[]> rates;
  private long spikes;
  private int end;

  /**
   * @param group at least one neuron
   * @param bin steps per bin, at least 1
   * @param rates takes the rate of each bin [Hz]; the array is reused
   */
  public PopulationRate(Group group, int bin, double dtMs, Consumer<double[]> rates) {
    this.group = group;
    this.bin = bin;
    this.hertzPerSpike = 1 / (group.size() * bin * dtMs * 1e-3);
    this.rates = rates;
    this.end = bin;
  }

  @Override
  public void spike(int step, int neuron) {
    if (neuron >= group.from() && neuron < group.to()) {
      until(step);
      spikes++;
    }
  }

  @Override
  public void until(int step) {
    while (step >= end) {
      sample[0] = spikes * hertzPerSpike;
      rates.accept(sample);
      spikes = 0;
      end += bin;
    }
  }
}

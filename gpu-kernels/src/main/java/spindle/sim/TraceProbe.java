package spindle.sim;

import java.util.function.Consumer;
import spindle.model.Group;

/** Samples a state variable of some neurons of a group at regular steps. */
public final class TraceProbe implements Probe {
  private final Group group;
  private final String variable;
  private final int every;
  private final int[] neurons;
  private final double[] sample;
  private final Consumer<double[]> samples;

  /**
   * @param neurons sampled neurons, indices within the group
   * @param every steps between samples
   * @param samples takes one value per neuron, in the unit of the variable; the array is reused
   */
  public TraceProbe(
      Group group, String variable, int[] neurons, int every, Consumer<double[]> samples) {
    this.group = group;
    this.variable = variable;
    this.every = every;
    this.neurons = neurons.clone();
    this.sample = new double[this.neurons.length];
    this.samples = samples;
  }

  @Override
  public int interval() {
    return every;
  }

  @Override
  public Verdict look(Simulation simulation) {
    if (simulation.step() % every == 0) {
      simulation.read(group, variable, neurons, sample);
      samples.accept(sample);
    }
    return Verdict.GO_ON;
  }
}

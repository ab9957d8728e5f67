package spindle.sim;

/** Receives spikes in order of step, then neuron. */
public interface SpikeReader {
  /** Takes one spike of neuron {@code neuron} of the population. */
  void spike(int step, int neuron);

  /** All spikes before {@code step} have been given. */
  void until(int step);
}

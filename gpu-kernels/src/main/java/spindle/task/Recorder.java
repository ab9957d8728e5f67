package spindle.task;

/** Receives what a trial records while it runs, chunk by chunk in time order. */
public interface Recorder {
  /** Takes the spikes of one population over one time chunk; the arrays belong to the receiver. */
  void spikes(SpikeChunk chunk);

  /** Takes the samples of one trace over one time chunk; the arrays belong to the receiver. */
  void trace(TraceChunk chunk);

  /** Where intermediate results survive the trial. */
  default Workspace workspace() {
    return Workspace.NONE;
  }

  /**
   * Spikes of a population over a span of time.
   *
   * @param stepOffset step of each spike relative to {@code startStep}, ascending
   * @param neuron index of each spike within the population, ascending within a step
   */
  record SpikeChunk(
      String population, int chunk, long startStep, int steps, int[] stepOffset, int[] neuron) {}

  /**
   * Samples of a state variable or population rate over a span of time.
   *
   * @param startStep step of the first sample
   * @param stride steps between samples
   * @param neurons sampled neurons, indices within the population; none for a population rate
   * @param values row-major, time x neuron; one per time for a population rate
   */
  record TraceChunk(
      String population,
      String variable,
      String unit,
      int chunk,
      long startStep,
      int stride,
      int[] neurons,
      float[] values) {}
}

package spindle.backend.cpu;

import spindle.compile.Events;

/** A connectivity ready to deliver spikes. */
interface Matrix {
  /**
   * Adds the synapses of the events' rows to {@code target}, {@code float[]} or {@code double[]}.
   */
  void deliver(Events events, Object target);

  /** Number of synapses. */
  long synapses();

  /** Number of synapses per presynaptic neuron. */
  int[] outDegrees();

  /** Memory held [B]. */
  long bytes();

  /** Seconds spent building it in this executable. */
  double buildSeconds();
}

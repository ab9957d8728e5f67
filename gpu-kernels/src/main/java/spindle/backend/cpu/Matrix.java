package spindle.backend.cpu;

import java.util.Optional;
import java.util.function.Consumer;
import spindle.compile.Events;
import spindle.ir.Direction;

/**
 * A connectivity ready to multiply. Products are bound to their arrays once, so that none allocates
 * when it runs; weights are by synapse and of the target's type, or null for the rows' own.
 */
interface Matrix {
  /** Whether each synapse adds 1, and a {@code short[]} may be the sink of deliveries. */
  boolean counts();

  /** Adds the synapses of the events' rows to a sink that has the targets. */
  Consumer<Events> delivery(Object weights, Sink sink, Share share);

  /**
   * Adds the synapses of presynaptic neurons to a sink that has the targets once per delay, the
   * longest first.
   */
  Consumer<Events> arrivals(Sink sink, Share share);

  /** Adds a product to {@code target}; all arrays are of the target's type. */
  Runnable product(Sum sum, Object weights, Share share);

  /**
   * What a product adds up.
   *
   * @param direction towards the postsynaptic neurons or back
   * @param batch elements per neuron
   */
  record Sum(Direction direction, Object x, Object target, int batch) {}

  /** Writes, per synapse, the product of its two ends summed over the batch. */
  Runnable pairs(Object pre, Object post, Object target, int batch);

  /**
   * Adds, per synapse, the product of its two ends summed over the batch, where this can be done
   * without a pass over all synapses.
   */
  default Optional<Runnable> addedPairs(Object pre, Object post, Object target, int batch) {
    return Optional.empty();
  }

  /** The same where events stand for what they would mark. */
  default Optional<Consumer<Events>> addedEvents(Object post, Object target, int batch) {
    return Optional.empty();
  }

  /** Number of synapses. */
  long synapses();

  /** Number of synapses per presynaptic neuron. */
  int[] outDegrees();

  /** Memory held [B]. */
  long bytes();

  /** Seconds spent building it in this executable. */
  double buildSeconds();
}

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

  /**
   * Adds a product to {@code target}, which is 0 before where weights are given; all arrays are of
   * the target's type.
   */
  Runnable product(Sum sum, Object weights, Share share);

  /**
   * What a product adds up.
   *
   * @param direction towards the postsynaptic neurons or back
   * @param batch elements per neuron
   * @param needed 0 where a target may be left alone, or null: all are needed
   */
  record Sum(Direction direction, Object x, Object target, int batch, Object needed) {
    /** Whether any element of a target neuron is needed. */
    boolean needs(int neuron) {
      boolean any = needed == null;
      for (int k = neuron * batch; k < (neuron + 1) * batch && !any; k++) {
        any = needed instanceof float[] f ? f[k] != 0 : ((double[]) needed)[k] != 0;
      }
      return any;
    }

    /** Lists the neurons of {@code [from, to)} that are needed; how many there are. */
    int pick(int from, int to, int[] neurons) {
      int count = 0;
      for (int i = from; i < to; i++) {
        if (needs(i)) {
          neurons[count++] = i;
        }
      }
      return count;
    }
  }

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

package spindle.backend.cpu;

import java.util.function.Function;
import spindle.compile.Events;
import spindle.compile.Stage;

/**
 * The sums of what arrives over delays.
 *
 * <p>A ring holds a vector of sums for this step and for each until the longest delay has passed,
 * the last one first. A step walks the rows of the newest events only and adds each synapse to the
 * vector of the step at which it is due; then the vector that is due now is complete, its sums
 * begun with the oldest events, and makes room. So the ring follows from the events that are
 * remembered, and is made again from them where these did not come one step after the other.
 */
final class Arrivals implements Work {
  private final EventRing past;
  private final Stage.Recent recent;
  private final Target target;
  private final Sink ring;
  private final Events newest;
  private final Work deliveries;
  private long seen;

  /**
   * What receives the sums that are due.
   *
   * @param array {@code float[]} or {@code double[]}
   * @param length its elements that hold
   * @param batch elements per neuron
   */
  record Target(Object array, int length, int batch) {}

  /** What is added where. */
  record Delivery(Events events, Sink sink) {}

  /**
   * @param deliveries adds the synapses of a list of events to a sink
   */
  Arrivals(
      EventRing past, Stage.Recent recent, Target target, Function<Delivery, Work> deliveries) {
    this.past = past;
    this.recent = recent;
    this.target = target;
    long sums = (long) recent.steps() * target.length();
    if (sums > 1 << 30) {
      throw new IllegalArgumentException(
          recent.variable()
              + ": "
              + target.length()
              + " sums for each of "
              + recent.steps()
              + " steps exceed 2^30; shorten the longest delay");
    }
    this.ring = Sink.ring(target.array(), (int) sums, target.batch());
    this.newest = new Events(recent.to() - recent.from());
    this.deliveries = deliveries.apply(new Delivery(newest, ring));
  }

  @Override
  public void run(int step) {
    long changes = past.changes() - seen;
    seen = past.changes();
    if (changes > 1) {
      Vectors.zero(ring.array());
      for (int d = recent.steps(); d > 1; d--) {
        advance(d, step);
      }
    }
    if (changes > 0) {
      advance(1, step);
    }
  }

  /** Adds the events of {@code delay} steps ago and takes out what is due then. */
  private void advance(int delay, int step) {
    ring.move(-target.length());
    newest.clear();
    newest.addRange(past.at(delay), recent.from(), recent.to());
    if (newest.count() > 0) {
      deliveries.run(step);
    }
    ring.take((recent.steps() - 1) * target.length(), target.array(), target.length());
  }

  /** Memory held [B]. */
  long bytes() {
    return ring.bytes();
  }
}

package spindle.backend.cpu;

import java.util.function.Consumer;
import spindle.compile.Events;

/** Multiplies by stored rows with delays. */
final class StoredDelays implements Matrix {
  private final StoredMatrix byNeuron;
  private final int longest;
  private StoredMatrix bySource;

  /**
   * @param byNeuron a row per presynaptic neuron, columns once per delay, the longest first
   * @param longest number of delays
   */
  StoredDelays(StoredMatrix byNeuron, int longest) {
    this.byNeuron = byNeuron;
    this.longest = longest;
  }

  /** A row per source; made for the first product that is not with the newest events. */
  private synchronized StoredMatrix bySource() {
    if (bySource == null) {
      bySource = new StoredMatrix(byNeuron.name(), byNeuron.csr().bySource(longest), 0);
    }
    return bySource;
  }

  @Override
  public boolean counts() {
    return false;
  }

  @Override
  public Consumer<Events> delivery(Object weights, Sink sink, Share share) {
    return bySource().delivery(weights, sink, share);
  }

  @Override
  public Consumer<Events> arrivals(Sink sink, Share share) {
    return byNeuron.delivery(null, sink, share);
  }

  @Override
  public Runnable product(Sum sum, Object weights, Share share) {
    return bySource().product(sum, weights, share);
  }

  @Override
  public Runnable pairs(Object pre, Object post, Object target, int batch) {
    return bySource().pairs(pre, post, target, batch);
  }

  @Override
  public long synapses() {
    return byNeuron.synapses();
  }

  @Override
  public int[] outDegrees() {
    return byNeuron.outDegrees();
  }

  @Override
  public synchronized long bytes() {
    return byNeuron.bytes() + (bySource == null ? 0 : bySource.bytes());
  }

  @Override
  public double buildSeconds() {
    return byNeuron.buildSeconds();
  }
}

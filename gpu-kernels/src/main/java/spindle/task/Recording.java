package spindle.task;

import java.util.List;
import java.util.Map;

/**
 * What a trial records beside its metrics.
 *
 * @param spikes populations whose spikes are kept
 * @param chunkMs time span of one spike row [ms]
 * @param traces state variables and population rates sampled in time
 */
public record Recording(List<String> spikes, double chunkMs, List<Trace> traces) {
  /** Records nothing. */
  public static final Recording NONE = new Recording(List.of(), 100, List.of());

  public Recording {
    spikes = List.copyOf(spikes);
    traces = List.copyOf(traces);
    if (!(chunkMs > 0)) {
      throw new IllegalArgumentException("chunk must be > 0 ms, got " + chunkMs);
    }
  }

  /**
   * Size of the traces of one trial, four bytes a sample, before encoding [B].
   *
   * @param durationMs time that is recorded [ms]
   * @param sizes neurons of each population
   */
  double traceBytes(double durationMs, Map<String, Double> sizes) {
    double bytes = 0;
    for (Trace t : traces) {
      double neurons = Math.min(t.neurons(), sizes.getOrDefault(t.population(), 0.0));
      double sampled = t.isRate() ? 1 : neurons;
      bytes += sampled * Math.floor(durationMs / t.everyMs()) * Float.BYTES;
    }
    return bytes;
  }

  /**
   * One decimated trace.
   *
   * @param population name
   * @param variable state variable, e.g. {@code v}, or {@link #RATE}
   * @param neurons how many neurons, the first ones of the population; 0 for the rate, which is of
   *     them all
   * @param everyMs sampling interval [ms]
   */
  public record Trace(String population, String variable, int neurons, double everyMs) {
    /** The firing rate of the whole population over the interval that ends at a sample [Hz]. */
    public static final String RATE = "rate";

    public Trace {
      neurons = variable.equals(RATE) ? 0 : neurons;
      if (neurons < 1 && !variable.equals(RATE)) {
        throw new IllegalArgumentException("neurons must be >= 1, got " + neurons);
      }
      if (!(everyMs > 0)) {
        throw new IllegalArgumentException("every must be > 0 ms, got " + everyMs);
      }
    }

    /** Whether it is of the whole population. */
    public boolean isRate() {
      return variable.equals(RATE);
    }
  }
}

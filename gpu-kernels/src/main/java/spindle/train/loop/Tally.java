package spindle.train.loop;

import java.util.Map;
import java.util.TreeMap;

/** Means of metrics over samples, batch by batch. */
final class Tally {
  private final Map<String, Double> sums = new TreeMap<>();
  private long samples;

  Tally() {}

  /** Goes on from sums and their number of samples. */
  Tally(Map<String, Double> sums, long samples) {
    this.sums.putAll(sums);
    this.samples = samples;
  }

  void add(Map<String, Double> means, int count) {
    means.forEach((metric, mean) -> sums.merge(metric, mean * count, Double::sum));
    samples += count;
  }

  Map<String, Double> sums() {
    return Map.copyOf(sums);
  }

  long samples() {
    return samples;
  }

  /** The means; empty before the first sample. */
  Map<String, Double> means() {
    var means = new TreeMap<String, Double>();
    sums.forEach((metric, sum) -> means.put(metric, sum / samples));
    return means;
  }
}

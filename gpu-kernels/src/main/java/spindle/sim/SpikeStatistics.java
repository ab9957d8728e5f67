package spindle.sim;

import java.util.Arrays;
import spindle.model.Group;

/**
 * Firing statistics of a group, kept per neuron while spikes stream by.
 *
 * <p>CV of interspike intervals: mean over neurons with at least two intervals of deviation over
 * mean. Synchrony: chi of Golomb and Rinzel (1993), with spike counts in bins in place of the
 * membrane potential: deviation over time of the mean count, over the root mean square of the
 * neurons' own deviations; 1 when all fire together, about 1/sqrt(n) when independent.
 */
public final class SpikeStatistics implements SpikeReader {
  private final Group group;
  private final int from;
  private final int bin;
  private final int[] last;
  private final int[] intervals;
  private final double[] intervalSum;
  private final double[] intervalSquares;
  private final int[] inBin;
  private final long[] counts;
  private final double[] countSquares;
  private long spikes;
  private long allSpikes;
  private long bins;
  private long spikesInBin;
  private double populationSquares;
  private int binEnd;

  /**
   * @param from steps before this one are ignored
   * @param bin steps per bin of the synchrony measure
   */
  public SpikeStatistics(Group group, int from, int bin) {
    this.group = group;
    this.from = from;
    this.bin = bin;
    this.binEnd = from + bin;
    int n = group.size();
    last = new int[n];
    Arrays.fill(last, -1);
    intervals = new int[n];
    intervalSum = new double[n];
    intervalSquares = new double[n];
    inBin = new int[n];
    counts = new long[n];
    countSquares = new double[n];
  }

  @Override
  public void spike(int step, int neuron) {
    int i = neuron - group.from();
    if (i < 0 || i >= last.length) {
      return;
    }
    allSpikes++;
    if (step < from) {
      return;
    }
    closeBins(step);
    spikes++;
    spikesInBin++;
    inBin[i]++;
    if (last[i] >= 0) {
      double interval = step - last[i];
      intervals[i]++;
      intervalSum[i] += interval;
      intervalSquares[i] += interval * interval;
    }
    last[i] = step;
  }

  @Override
  public void until(int step) {
    closeBins(step);
  }

  private void closeBins(int step) {
    while (step >= binEnd) {
      for (int i = 0; i < inBin.length; i++) {
        counts[i] += inBin[i];
        countSquares[i] += (double) inBin[i] * inBin[i];
        inBin[i] = 0;
      }
      populationSquares += (double) spikesInBin * spikesInBin;
      spikesInBin = 0;
      bins++;
      binEnd += bin;
    }
  }

  /** Number of spikes since {@code from}. */
  public long spikes() {
    return spikes;
  }

  /** Number of spikes from the start. */
  public long allSpikes() {
    return allSpikes;
  }

  /** Mean firing rate over {@code seconds} [Hz]; NaN for no neurons or no time. */
  public double rate(double seconds) {
    return spikes / (seconds * last.length);
  }

  /** Mean coefficient of variation of the interspike intervals; NaN if no neuron has two. */
  public double cvIsi() {
    double sum = 0;
    int neurons = 0;
    for (int i = 0; i < intervals.length; i++) {
      if (intervals[i] >= 2) {
        double mean = intervalSum[i] / intervals[i];
        double variance = Math.max(0, intervalSquares[i] / intervals[i] - mean * mean);
        sum += Math.sqrt(variance) / mean;
        neurons++;
      }
    }
    return sum / neurons;
  }

  /** Synchrony chi in [0, 1]; NaN if nothing varies. */
  public double synchrony() {
    double own = 0;
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      double mean = (double) counts[i] / bins;
      own += countSquares[i] / bins - mean * mean;
      total += counts[i];
    }
    double n = counts.length;
    double mean = total / (n * bins);
    double ofMean = populationSquares / (n * n * bins) - mean * mean;
    return Math.sqrt(Math.max(0, ofMean) / (own / n));
  }
}

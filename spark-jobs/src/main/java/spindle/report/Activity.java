package spindle.report;

import java.util.List;

/**
 * What one trial recorded, cut down to what is drawn.
 *
 * @param populations recorded populations by name
 * @param window drawn span of time
 * @param every one neuron in so many is drawn, with all its spikes
 * @param spikes drawn spikes, empty if the trial is silent or recorded none
 * @param rates population rate per bin
 * @param traces drawn samples of state variables
 */
record Activity(
    List<Population> populations,
    Window window,
    int every,
    List<Spike> spikes,
    List<Rate> rates,
    List<Sample> traces) {
  /** About so many spikes are drawn per trial. */
  static final int MOST_SPIKES = 6000;

  private static final double MOST_MS = 1000;
  private static final double MOST_BIN_MS = 3;

  /**
   * A recorded population.
   *
   * @param neurons its size; where the table does not know it, its largest index that spiked, plus
   *     one
   * @param counted whether the table knows its size
   */
  record Population(String name, long neurons, long spikes, boolean counted) {}

  /** The drawn span of time [steps] of a recording that is {@code recorded} steps long. */
  record Window(long start, long end, long recorded, double dtMs) {
    double startMs() {
      return start * dtMs;
    }

    double endMs() {
      return end * dtMs;
    }

    /**
     * Steps of a bin of the rate: 3 ms, finer in short windows. Whole steps, since bins of unequal
     * numbers of steps would show a ripple, and no divisor of the usual refractory times of 2 and 5
     * ms, with which a network that fires at its limit would beat.
     */
    long binSteps() {
      return Math.max(1, Math.round(Math.min(MOST_BIN_MS, (endMs() - startMs()) / 20) / dtMs));
    }

    /** Bin of the rate [ms]. */
    double binMs() {
      return binSteps() * dtMs;
    }

    /** Number of whole bins. */
    int bins() {
      return (int) Math.max(1, (end - start) / binSteps());
    }
  }

  /** One spike: time [ms], index of the population, neuron within it. */
  record Spike(double ms, int population, long neuron) {}

  /** Population rate [Hz] in a bin centred at a time [ms]. */
  record Rate(double ms, int population, double hz) {}

  /** A sample of a variable of one neuron, or of {@link #ALL} of a population. */
  record Sample(String variable, String unit, String population, int neuron, double ms, double v) {
    static final int ALL = -1;

    String of() {
      return neuron == ALL ? "all of " + population : "neuron " + neuron + " of " + population;
    }
  }

  /** At least some 50 neurons are drawn, however many spikes they have. */
  static int every(List<Population> populations, long spikesInWindow) {
    long coarsest = populations.stream().mapToLong(Population::neurons).sum() / 50;
    return (int) Math.max(1, Math.min(spikesInWindow / MOST_SPIKES + 1, coarsest));
  }

  /** The last second of a recording, or less where even 50 neurons spike too much for it. */
  static Window window(List<Population> populations, long start, long end, double dtMs) {
    double spikes = populations.stream().mapToLong(Population::spikes).sum();
    double neurons = populations.stream().mapToLong(Population::neurons).sum();
    double perStep = spikes / Math.max(1, end - start) / Math.max(1, neurons / 50);
    double most = Math.min(MOST_MS / dtMs, 2 * MOST_SPIKES / Math.max(perStep, 1e-9));
    return new Window(Math.max(start, end - Math.round(most)), end, end - start, dtMs);
  }
}

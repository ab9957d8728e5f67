package spindle.task;

/**
 * Limits that end a trial early with a typed outcome instead of an exception.
 *
 * @param maxRateHz a network above this mean rate over 100 ms ends the trial [Hz]; infinite: off
 * @param silentAfterMs a network without a spike for this long ends the trial [ms]; infinite: off
 */
public record Guards(double maxRateHz, double silentAfterMs) {
  /** No limit but the one on NaN and infinite state, which always holds. */
  public static final Guards NONE = new Guards(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  public Guards {
    if (!(maxRateHz > 0)) {
      throw new IllegalArgumentException("max_rate must be > 0 Hz, got " + maxRateHz);
    }
    if (!(silentAfterMs > 0)) {
      throw new IllegalArgumentException("silent_after must be > 0 ms, got " + silentAfterMs);
    }
  }
}

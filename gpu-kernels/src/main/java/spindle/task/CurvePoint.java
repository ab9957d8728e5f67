package spindle.task;

/**
 * A value that a trial had on its way: one point of a training curve or of the path of a search.
 *
 * <p>What a trial ends with stands among the metrics of its outcome; a curve tells how it got
 * there.
 *
 * @param metric name of a metric of the task
 * @param split what it was measured on: {@code train}, {@code valid}, {@code test}; empty: not of
 *     data
 * @param epoch passes through the data that are finished; {@link #NO_EPOCH} without data
 * @param step updates that are finished
 * @param value in the unit of the metric
 */
public record CurvePoint(String metric, String split, int epoch, long step, double value) {
  /** The epoch of what knows no epochs. */
  public static final int NO_EPOCH = -1;

  public CurvePoint {
    if (step < 0 || epoch < NO_EPOCH) {
      throw new IllegalArgumentException(
          metric + ": step and epoch count from 0, got step " + step + ", epoch " + epoch);
    }
  }

  /** A value without data: after so many updates. */
  public static CurvePoint at(long step, String metric, double value) {
    return new CurvePoint(metric, "", NO_EPOCH, step, value);
  }
}

package spindle.job;

import java.util.Arrays;

/**
 * An estimate of how long a run takes, from the command to its last word.
 *
 * <p>{@code likely} adds up what was measured for the parts of a run; a slower machine, other work
 * on it or networks that fire more than expected change it, hence the range.
 *
 * @param low if all goes well [s]
 * @param likely most likely [s]
 * @param high on a busy machine [s]
 */
public record WallTime(double low, double likely, double high) {
  /** JVM and plan alone: a run that finds nothing to do. */
  private static final double PLAN_S = 1;

  /** JVM, Spark and the first task. */
  private static final double START_S = 5;

  /** What the first trial of a JVM takes longer than the others: its code is not compiled yet. */
  private static final double COLD_S = 2;

  /** Rows, files and commit records of one trial. */
  private static final double COMMIT_S = 0.01;

  /** Published tables and report. */
  private static final double CLOSE_S = 8;

  private static final double LOW = 0.6;
  private static final double HIGH = 2;

  /**
   * The estimate for some trials.
   *
   * @param seconds predicted time of each on one core [s]
   * @param cores tasks that run at a time
   */
  static WallTime of(double[] seconds, int cores) {
    if (seconds.length == 0) {
      return around(PLAN_S);
    }
    double sum = Arrays.stream(seconds).sum() + seconds.length * COMMIT_S;
    double longest = Arrays.stream(seconds).max().orElse(0) + COMMIT_S;
    return around(START_S + COLD_S + Math.max(sum / cores, longest) + CLOSE_S);
  }

  private static WallTime around(double likely) {
    return new WallTime(LOW * likely, likely, HIGH * likely);
  }
}

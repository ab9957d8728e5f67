package spindle.job;

/**
 * Remaining wall time of a run, from predicted times that are corrected by what trials took.
 *
 * @param predictedS predicted time of all trials, on one core [s]
 * @param endedS predicted time of the trials that ended [s]
 * @param spentS wall time that tasks spent on them [s]
 * @param open trials that have not ended
 * @param slots tasks that run at a time
 */
record Eta(double predictedS, double endedS, double spentS, long open, int slots) {
  /** Predictions are believed until trials of about this much have ended, at most [s]. */
  private static final double BELIEF_S = 20;

  /** The same as a share of all trials. */
  private static final double BELIEF = 0.1;

  /** A trial that runs longer than predicted is taken to be at most so far. */
  private static final double MOST_DONE = 0.9;

  /**
   * Remaining wall time [s]; negative: unknown, as the first trial takes longer than all should.
   *
   * @param elapsedS wall time since trials were given out [s]
   */
  double seconds(double elapsedS) {
    if (open == 0) {
      return 0;
    }
    double belief = Math.min(BELIEF_S, BELIEF * predictedS);
    double slower = (spentS + belief) / (endedS + belief);
    double rest = slower * Math.max(0, predictedS - endedS);
    double busy = Math.min(slots, open);
    double running = Math.max(0, elapsedS * slots - spentS);
    if (endedS == 0 && running > rest) {
      return -1;
    }
    return (rest - Math.min(running, MOST_DONE * rest * busy / open)) / busy;
  }
}

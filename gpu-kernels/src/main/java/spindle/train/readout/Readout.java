package spindle.train.readout;

/**
 * A linear readout: score of a target = bias + sum over units of activity times weight.
 *
 * @param weights unit after unit, {@code targets} each
 * @param bias one per target
 */
public record Readout(int units, int targets, double[] weights, double[] bias) {
  public Readout {
    if (units < 0 || targets < 0 || (long) units * targets != weights.length) {
      throw new IllegalArgumentException(
          units + " units and " + targets + " targets do not fit " + weights.length + " weights");
    }
    if (bias.length != targets) {
      throw new IllegalArgumentException(
          "bias must have length " + targets + ", got " + bias.length);
    }
  }

  /** Weight from a unit to a target. */
  public double weight(int unit, int target) {
    return weights[unit * targets + target];
  }

  /**
   * Scores of samples, sample after sample.
   *
   * @throws IllegalArgumentException if they have another number of units
   */
  public double[] scores(Features x) {
    check(x);
    double[] scores = new double[Math.multiplyExact(x.samples(), targets)];
    double[] row = new double[units];
    double[] score = new double[targets];
    for (int s = 0; s < x.samples(); s++) {
      x.read(s, row, 0);
      score(row, score);
      System.arraycopy(score, 0, scores, s * targets, targets);
    }
    return scores;
  }

  /**
   * The target with the highest score for each sample, the first of equal ones, unsigned.
   *
   * @throws IllegalArgumentException if they have another number of units
   * @throws FitException if a score is NaN
   */
  public byte[] classify(Features x) {
    if (targets < 1 || targets > 256) {
      throw new IllegalStateException("classes must be in [1, 256], got " + targets);
    }
    check(x);
    byte[] classes = new byte[x.samples()];
    double[] row = new double[units];
    double[] score = new double[targets];
    for (int s = 0; s < classes.length; s++) {
      x.read(s, row, 0);
      score(row, score);
      classes[s] = (byte) highest(score, s);
    }
    return classes;
  }

  private void check(Features x) {
    if (x.units() != units) {
      throw new IllegalArgumentException("units must be " + units + ", got " + x.units());
    }
  }

  private void score(double[] row, double[] score) {
    System.arraycopy(bias, 0, score, 0, targets);
    for (int u = 0; u < units; u++) {
      for (int t = 0; t < targets; t++) {
        score[t] += row[u] * weights[u * targets + t];
      }
    }
  }

  /**
   * The target with the highest score, the first of equals.
   *
   * @param sample named in the message
   * @throws FitException if a score is NaN
   */
  public static int highest(double[] score, int sample) {
    int best = 0;
    for (int t = 0; t < score.length; t++) {
      if (Double.isNaN(score[t])) {
        throw new FitException("score of target " + t + " for sample " + sample + " is NaN");
      }
      if (score[t] > score[best]) {
        best = t;
      }
    }
    return best;
  }
}

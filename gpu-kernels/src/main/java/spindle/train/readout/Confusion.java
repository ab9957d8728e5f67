package spindle.train.readout;

/**
 * How often each class was taken for each.
 *
 * @param counts samples by true class, then by answer
 */
public record Confusion(int classes, long[] counts) {
  public Confusion {
    if (classes < 1 || classes > 256) {
      throw new IllegalArgumentException("classes must be in [1, 256], got " + classes);
    }
    if (counts.length != classes * classes) {
      throw new IllegalArgumentException(
          classes + " classes need " + classes * classes + " counts, got " + counts.length);
    }
  }

  /**
   * Compares answers with labels, both unsigned.
   *
   * @throws IllegalArgumentException if the lengths differ or a class is out of range
   */
  public static Confusion of(int classes, byte[] labels, byte[] answers) {
    if (labels.length != answers.length) {
      throw new IllegalArgumentException(
          labels.length + " labels, but " + answers.length + " answers");
    }
    Confusion confusion = new Confusion(classes, new long[classes * classes]);
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      int answer = answers[i] & 0xff;
      if (label >= classes || answer >= classes) {
        throw new IllegalArgumentException(
            "classes of sample "
                + i
                + " must be in [0, "
                + classes
                + "), got "
                + label
                + " and "
                + answer);
      }
      confusion.counts[label * classes + answer]++;
    }
    return confusion;
  }

  /** Samples of class {@code label} that were taken for {@code answer}. */
  public long count(int label, int answer) {
    return counts[label * classes + answer];
  }

  /** Number of samples. */
  public long samples() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** Part of the samples that was taken for what it is; NaN for no samples. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < classes; c++) {
      right += count(c, c);
    }
    return (double) right / samples();
  }

  /** Binomial standard error of the accuracy, sqrt(a (1 - a) / samples); NaN for no samples. */
  public double standardError() {
    double a = accuracy();
    return Math.sqrt(a * (1 - a) / samples());
  }
}

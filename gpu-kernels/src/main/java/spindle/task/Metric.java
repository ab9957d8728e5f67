package spindle.task;

/**
 * A number a task reports per trial.
 *
 * @param name as in the {@code metrics} table: {@code mean_rate_E}
 * @param unit symbol, empty for plain numbers
 * @param about one sentence
 * @param timing whether it measures the machine, as times and memory do, and so may differ between
 *     equal trials; every other metric is the same on each backend
 * @param least no value lies below it
 * @param most no value lies above it
 */
public record Metric(
    String name, String unit, String about, boolean timing, double least, double most) {
  /** A metric of any value. */
  public Metric(String name, String unit, String about, boolean timing) {
    this(name, unit, about, timing, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** A metric that is a function of the trial alone. */
  public static Metric of(String name, String unit, String about) {
    return new Metric(name, unit, about, false);
  }

  /** The same with all values in a range. */
  public Metric within(double from, double to) {
    return new Metric(name, unit, about, timing, from, to);
  }

  /** The same without negative values. */
  public Metric nonNegative() {
    return within(0, Double.POSITIVE_INFINITY);
  }
}

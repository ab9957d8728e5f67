package spindle.task;

/**
 * A number a task reports per trial.
 *
 * @param name as in the {@code metrics} table: {@code mean_rate_E}
 * @param unit symbol, empty for plain numbers
 * @param about one sentence
 * @param timing whether it measures the machine, as times and memory do, and so may differ between
 *     equal trials; every other metric is the same on each backend
 */
public record Metric(String name, String unit, String about, boolean timing) {
  /** A metric that is a function of the trial alone. */
  public static Metric of(String name, String unit, String about) {
    return new Metric(name, unit, about, false);
  }
}

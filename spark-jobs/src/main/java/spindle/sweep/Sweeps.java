package spindle.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import spindle.task.Task;
import spindle.task.Tasks;

/** The door to sweep files: reads, checks and plans them. */
public final class Sweeps {
  /** More trials than this need the user's consent. */
  public static final long MAX_TRIALS = 100_000;

  private final List<Task> tasks;

  private Sweeps(List<Task> tasks) {
    this.tasks = tasks;
  }

  /** Sweeps over the tasks on the class path. */
  public static Sweeps onClassPath() {
    return new Sweeps(Tasks.all());
  }

  /** Sweeps over the given tasks. */
  public static Sweeps over(List<Task> tasks) {
    return new Sweeps(List.copyOf(tasks));
  }

  /**
   * A plan with its forecast.
   *
   * @param forecast what all its trials are predicted to take
   * @param warnings what the user may not have meant
   */
  public record Planned(LazyPlan plan, Forecast forecast, List<String> warnings) {}

  /**
   * Reads and checks a sweep file without counting its trials.
   *
   * @param overrides {@code --set} arguments without the option, in order
   * @throws InvalidSweep with every error of the file
   */
  public Sweep read(Path file, List<String> overrides) {
    return draft(file, overrides, new Problems()).sweep();
  }

  /**
   * As {@link #read(Path, List)}, from the text of a file.
   *
   * @param source what errors call the file
   */
  public Sweep read(String source, String yaml, List<String> overrides) {
    return new SweepReader(yaml, overrides, tasks, new Problems()).read(source).sweep();
  }

  /**
   * Reads, checks, counts and forecasts a sweep.
   *
   * @param maxTrials more trials than this are refused
   * @throws InvalidSweep with every error, or because it is over its budget
   */
  public Planned plan(Path file, List<String> overrides, long maxTrials) {
    var problems = new Problems();
    Draft draft = draft(file, overrides, problems);
    try {
      Task task = draft.sweep().refined(task(draft.sweep().model()));
      LazyPlan plan = LazyPlan.of(draft.sweep(), task);
      countable(draft, plan, maxTrials, problems);
      var clashes = new Clashes(draft);
      Forecast forecast = Forecast.of(plan, task, clashes);
      clashes.report(plan.configurations(), problems);
      affordable(draft, forecast, problems);
      problems.orThrow();
      return new Planned(plan, forecast, unread(draft.sweep(), task));
    } catch (ArithmeticException e) {
      problems.add(draft.at("axes", "axes"), "axes: more than 2^63 trials; give fewer values");
    } catch (IllegalArgumentException e) {
      boolean derived = !draft.sweep().selection().derive().isEmpty();
      String path = derived ? "derive" : draft.places().containsKey("where") ? "where" : "axes";
      problems.add(draft.at(path, "axes"), path + ": " + e.getMessage());
    }
    problems.orThrow();
    throw new IllegalStateException("a failed plan was not reported");
  }

  /** Parameters that the user has set, and no trial reads. */
  private static List<String> unread(Sweep sweep, Task task) {
    var warnings = new ArrayList<String>();
    sweep
        .unused(task.describe())
        .forEach(
            (name, why) -> {
              if (sweep.sources().containsKey(name)) {
                warnings.add(name + " is set, but is not read with " + why);
              }
            });
    return List.copyOf(warnings);
  }

  private Draft draft(Path file, List<String> overrides, Problems problems) {
    return new SweepReader(SweepText.of(file), overrides, tasks, problems).read(file.toString());
  }

  private static void countable(Draft draft, LazyPlan plan, long maxTrials, Problems problems) {
    long trials = plan.size();
    if (trials == 0) {
      new Emptiness(draft, plan.combinations()).report(problems);
    }
    long budget = draft.sweep().budget().trials();
    if (trials > budget) {
      problems.add(
          draft.at("budget.trials", "budget"),
          String.format(
              Locale.ROOT,
              "budget.trials: plan has %,d trials, budget is %,d; drop values or raise the budget",
              trials,
              budget));
    }
    problems.orThrow();
    if (trials > maxTrials) {
      throw new InvalidSweep(
          List.of(
              String.format(
                  Locale.ROOT,
                  "plan would run %,d trials; limit is %,d. Pass --max-trials to confirm.",
                  trials,
                  maxTrials)));
    }
  }

  private static void affordable(Draft draft, Forecast forecast, Problems problems) {
    double budget = draft.sweep().budget().outputBytes();
    if (forecast.outputBytes() > budget) {
      String path =
          draft.sweep().recording().spikes().isEmpty() ? "record.traces" : "record.spikes";
      problems.add(
          draft.at(path, "record"),
          path
              + ": predicted "
              + gigabytes(forecast.outputBytes())
              + " GB exceeds budget.output_gb "
              + gigabytes(budget)
              + "; record fewer neurons or raise the budget");
    }
  }

  /** Three significant digits: 412, 20, 0.0312. */
  private static String gigabytes(double bytes) {
    return new BigDecimal(bytes / 1e9)
        .round(new MathContext(3))
        .stripTrailingZeros()
        .toPlainString();
  }

  private Task task(String name) {
    return tasks.stream().filter(t -> t.describe().name().equals(name)).findFirst().orElseThrow();
  }
}

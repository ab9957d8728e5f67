package spindle.job;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import spindle.result.Layout;
import spindle.result.Root;
import spindle.sweep.Plan;
import spindle.sweep.PlannedTrial;
import spindle.task.Task;
import spindle.task.Tasks;
import spindle.task.Trial;

/**
 * What a run of a plan would find and do; nothing is written and no Spark is started.
 *
 * @param done planned trials whose committed result would be used
 * @param todo planned trials that would run
 * @param packs Spark tasks that they would be spread over
 * @param seconds predicted time of the trials to run, on one core [s]
 * @param wall predicted time of the whole run
 */
public record Prospect(long done, long todo, int packs, double seconds, WallTime wall) {

  /**
   * Compares a plan with what is committed.
   *
   * @param root folder for results, empty: as the sweep says
   * @param cores tasks that would run at a time
   * @throws spindle.result.StorageException if results cannot be kept at the root
   */
  public static Prospect of(Plan plan, String root, int cores) throws IOException {
    var sweep = plan.sweep();
    Layout layout = Layout.of(Root.path(root.isEmpty() ? sweep.root() : root), sweep.name());
    double[] seconds = todo(plan, Books.open(layout, sweep.reuse()));
    return new Prospect(
        plan.size() - seconds.length,
        seconds.length,
        Packs.count(seconds, sweep.execution(), cores),
        Arrays.stream(seconds).sum(),
        WallTime.of(seconds, cores));
  }

  /** Predicted time of each trial that is not done, in order of plan. */
  private static double[] todo(Plan plan, Books books) {
    Task task = Tasks.named(plan.sweep().model());
    double[] seconds = new double[(int) Math.min(plan.size(), Integer.MAX_VALUE - 8)];
    int count = 0;
    String config = "";
    var groups = new Groups(plan.sweep());
    double cost = 0;
    double shared = 0;
    for (Iterator<PlannedTrial> trials = plan.trials(); trials.hasNext(); ) {
      PlannedTrial trial = trials.next();
      if (books.status(trial).isEmpty()) {
        if (!trial.configId().equals(config)) {
          Trial asked = asked(plan, trial);
          cost = task.cost(asked).seconds();
          shared = task.shared(asked).seconds();
          config = trial.configId();
        }
        boolean follows =
            !groups.isTrivial() && groups.first(trial, plan.settings(trial), count) < count;
        seconds[count++] = cost - (follows ? shared : 0);
      }
    }
    return Arrays.copyOf(seconds, count);
  }

  private static Trial asked(Plan plan, PlannedTrial trial) {
    var sweep = plan.sweep();
    String backend = sweep.execution().backend();
    return new Trial(
        plan.settings(trial), trial.seed(), backend, sweep.recording(), sweep.guards());
  }
}

package spindle.job;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import spindle.result.Layout;
import spindle.result.Root;
import spindle.sweep.Plan;
import spindle.sweep.PlannedTrial;
import spindle.task.Cost;
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
 * @param recordedBytes predicted size of what they record [B]
 * @param wall predicted time of the whole run
 */
public record Prospect(
    long done, long todo, int packs, double seconds, double recordedBytes, WallTime wall) {

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
    Todo todo = todo(plan, Books.open(layout, sweep.reuse()));
    double[] seconds = todo.seconds();
    return new Prospect(
        plan.size() - seconds.length,
        seconds.length,
        Packs.count(seconds, sweep.execution(), Slots.here(sweep.execution().backend(), cores)),
        Arrays.stream(seconds).sum(),
        todo.recordedBytes(),
        WallTime.of(seconds, cores));
  }

  /** Predicted time of each trial that is not done, in order of plan [s]; what all record [B]. */
  private record Todo(double[] seconds, double recordedBytes) {}

  private static Todo todo(Plan plan, Books books) {
    Task task = plan.sweep().refined(Tasks.named(plan.sweep().model()));
    double[] seconds = new double[(int) Math.min(plan.size(), Integer.MAX_VALUE - 8)];
    int count = 0;
    double bytes = 0;
    String config = "";
    var groups = new Groups(plan.sweep());
    Trial asked = null;
    Cost cost = null;
    for (Iterator<PlannedTrial> trials = plan.trials(); trials.hasNext(); ) {
      PlannedTrial trial = trials.next();
      if (books.status(trial).isEmpty()) {
        if (!trial.configId().equals(config)) {
          asked = asked(plan, trial);
          cost = task.cost(asked);
          config = trial.configId();
        }
        boolean follows =
            !groups.isTrivial() && groups.first(trial, plan.settings(trial), count) < count;
        seconds[count++] = cost.seconds() - (follows ? task.shared(asked).seconds() : 0);
        bytes += cost.recordedBytes();
      }
    }
    return new Todo(Arrays.copyOf(seconds, count), bytes);
  }

  private static Trial asked(Plan plan, PlannedTrial trial) {
    var sweep = plan.sweep();
    String backend = sweep.execution().backend();
    return new Trial(
        plan.settings(trial), trial.seed(), backend, sweep.recording(), sweep.guards());
  }
}

package spindle.sweep;

import java.util.Iterator;
import spindle.task.Cost;
import spindle.task.Task;
import spindle.task.Trial;
import spindle.task.Value;

/**
 * What the trials of a plan are predicted to take.
 *
 * @param seconds wall time of all trials on one core [s]
 * @param longestSeconds wall time of the longest trial on one core [s]
 * @param outputBytes size of everything recorded [B]
 * @param peakBytes memory of the largest trial [B]
 */
public record Forecast(
    double seconds, double longestSeconds, double outputBytes, double peakBytes) {

  private static final Forecast NOTHING = new Forecast(0, 0, 0, 0);

  /**
   * Asks the task for the cost of every configuration of a plan.
   *
   * @throws IllegalArgumentException if the settings of a configuration contradict each other; the
   *     message names its swept values
   */
  static Forecast of(LazyPlan plan, Task task) {
    Forecast total = NOTHING;
    for (Iterator<PlannedTrial> trials = plan.trials(); trials.hasNext(); ) {
      PlannedTrial trial = trials.next();
      if (trial.replicate() == 0) {
        total = total.plus(cost(plan, task, trial), plan.sweep().replicates().n());
      }
    }
    return total;
  }

  private static Cost cost(LazyPlan plan, Task task, PlannedTrial trial) {
    Sweep sweep = plan.sweep();
    var parameters = plan.parameters(trial);
    try {
      for (var parameter : task.describe().parameters()) {
        if (plan.derives(parameter.name())) {
          Value.parse(parameter, parameters.get(parameter.name()).toString());
        }
      }
      return task.cost(
          new Trial(
              sweep.fixed().with(parameters),
              trial.seed(),
              sweep.execution().backend(),
              sweep.recording(),
              sweep.guards()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("at " + parameters + ": " + e.getMessage(), e);
    }
  }

  private Forecast plus(Cost cost, int times) {
    return new Forecast(
        seconds + cost.seconds() * times,
        Math.max(longestSeconds, cost.seconds()),
        outputBytes + cost.recordedBytes() * times,
        Math.max(peakBytes, cost.bytes()));
  }
}

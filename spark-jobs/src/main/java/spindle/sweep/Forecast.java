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
   * Asks the task about every configuration of a plan: whether it can run, and what it costs.
   *
   * @param clashes takes the conflicts of configurations that cannot run
   * @throws IllegalArgumentException if a derived value is not allowed; the message names the swept
   *     values
   */
  static Forecast of(LazyPlan plan, Task task, Clashes clashes) {
    Forecast total = NOTHING;
    for (Iterator<PlannedTrial> trials = plan.trials(); trials.hasNext(); ) {
      PlannedTrial trial = trials.next();
      if (trial.replicate() == 0) {
        total = total.plus(cost(plan, task, trial, clashes), plan.sweep().replicates().n());
      }
    }
    return total;
  }

  private static Cost cost(LazyPlan plan, Task task, PlannedTrial trial, Clashes clashes) {
    Sweep sweep = plan.sweep();
    var parameters = plan.parameters(trial);
    try {
      for (var parameter : task.describe().parameters()) {
        if (plan.derives(parameter.name())) {
          Value.parse(parameter, parameters.get(parameter.name()).toString());
        }
      }
      var asked =
          new Trial(
              plan.settings(trial),
              trial.seed(),
              sweep.execution().backend(),
              sweep.recording(),
              sweep.guards());
      clashes.add(parameters, plan.conflicts(trial));
      clashes.add(parameters, task.check(asked));
      return task.cost(asked);
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

package spindle.job;

import java.util.Map;
import spindle.result.RunHeader;
import spindle.sweep.PlannedTrial;
import spindle.task.Guards;
import spindle.task.Recording;
import spindle.task.Refined;
import spindle.task.Refinement;
import spindle.task.Settings;
import spindle.task.Task;
import spindle.task.Tasks;
import spindle.task.Trial;

/**
 * What tasks of a run have in common; travels as JSON.
 *
 * @param fixed every parameter before axes are applied, see {@link Wire}
 * @param startedAtMs start of the run [ms since 1970]
 * @param spreadAboveS shared work of more than this was spread over tasks of its own [s]
 */
record RunSpec(
    RunHeader header,
    String model,
    Map<String, String> fixed,
    Recording recording,
    Guards guards,
    Refinement refinement,
    long startedAtMs,
    double spreadAboveS) {

  /**
   * One trial to do, a line of the to-do file.
   *
   * @param seconds predicted wall time, without what another trial does for it [s]
   * @param sharedSeconds part of it that may be spread over tasks before the trial [s]
   * @param changes parameters that differ from {@link RunSpec#fixed}
   * @param alone whether it must not share a GPU with others, since one was lost when it ran
   */
  record Line(
      PlannedTrial trial,
      double seconds,
      double sharedSeconds,
      Map<String, String> changes,
      boolean alone) {}

  /** Predicted wall time that is left for the trial itself [s]. */
  double seconds(Line line) {
    return line.sharedSeconds() > spreadAboveS
        ? line.seconds() - line.sharedSeconds()
        : line.seconds();
  }

  /** The task that runs the trials. */
  Task task() {
    return Refined.of(Tasks.named(model), refinement);
  }

  /** The trial that a line describes, on a backend. */
  Trial trial(Line line, String backend) {
    Settings settings = new Settings(Wire.values(fixed)).with(Wire.values(line.changes()));
    return new Trial(settings, line.trial().seed(), backend, recording, guards);
  }
}

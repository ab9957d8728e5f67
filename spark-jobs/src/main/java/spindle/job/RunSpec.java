package spindle.job;

import java.util.Map;
import spindle.result.RunHeader;
import spindle.sweep.PlannedTrial;
import spindle.task.Guards;
import spindle.task.Recording;
import spindle.task.Settings;
import spindle.task.Trial;

/**
 * What tasks of a run have in common; travels as JSON.
 *
 * @param fixed every parameter before axes are applied, see {@link Wire}
 * @param startedAtMs start of the run [ms since 1970]
 */
record RunSpec(
    RunHeader header,
    String model,
    Map<String, String> fixed,
    Recording recording,
    Guards guards,
    long startedAtMs) {

  /**
   * One trial to do, a line of the to-do file.
   *
   * @param seconds predicted wall time [s]
   * @param changes parameters that differ from {@link RunSpec#fixed}
   */
  record Line(PlannedTrial trial, double seconds, Map<String, String> changes) {}

  /** The trial that a line describes. */
  Trial trial(Line line) {
    Settings settings = new Settings(Wire.values(fixed)).with(Wire.values(line.changes()));
    return new Trial(settings, line.trial().seed(), header.backend(), recording, guards);
  }
}

package spindle.result;

import java.time.Instant;
import spindle.sweep.PlannedTrial;
import spindle.task.Outcome;
import spindle.task.Settings;

/**
 * A finished trial with everything the tables want to know.
 *
 * @param ending how it ended
 * @param queueS wall time from the start of the run to the start of the trial [s]
 * @param logTail the end of what it logged, at most 16 kB
 */
public record TrialEnd(
    PlannedTrial trial,
    Settings settings,
    Ending ending,
    Instant startedAt,
    Instant finishedAt,
    double queueS,
    String logTail) {

  /** How a trial ended: with an outcome or with an exception. */
  public sealed interface Ending {
    /** It returned. */
    record Returned(Outcome outcome) implements Ending {}

    /**
     * It threw.
     *
     * @param backend name of the backend that it was on, empty where it had none
     * @param device what that ran on, for people
     */
    record Threw(Failure failure, String backend, String device) implements Ending {}
  }

  /** The state it ended in. */
  public TrialStatus status() {
    if (ending instanceof Ending.Returned returned) {
      return switch (returned.outcome().status()) {
        case OK -> TrialStatus.OK;
        case DIVERGED -> TrialStatus.DIVERGED;
        case STOPPED -> TrialStatus.STOPPED;
      };
    }
    return TrialStatus.FAILED;
  }
}

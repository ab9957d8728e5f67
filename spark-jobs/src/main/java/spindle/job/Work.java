package spindle.job;

import java.time.Instant;
import spindle.backend.Backend;
import spindle.backend.cuda.CudaError;
import spindle.backend.cuda.SharedFailure;
import spindle.result.Failure;
import spindle.result.StorageException;
import spindle.result.TrialEnd;
import spindle.result.TrialStatus;
import spindle.sim.Backends;
import spindle.task.Cost;
import spindle.task.Outcome;
import spindle.task.Recorder;
import spindle.task.Task;
import spindle.task.Trial;

/**
 * How a trial of a run is done, on any thread: whatever it throws becomes its result.
 *
 * @param backend never {@code auto} where Spark assigned a GPU that can be used
 */
record Work(RunSpec run, Task task, String backend) {
  /** Whatever a trial simulates. */
  private static final double HOST_BYTES = 1 << 20;

  /**
   * A trial that ended.
   *
   * @param shared whether it failed by what was done for several trials at once
   */
  record Ended(TrialEnd end, boolean shared) {
    boolean failed() {
      return end.status() == TrialStatus.FAILED;
    }
  }

  /** Runs a trial; only trouble with storage is thrown. */
  Ended end(RunSpec.Line line, Recorder recorder) {
    Trial trial = run.trial(line, backend);
    Instant start = Instant.now();
    LogTail.begin();
    try {
      Outcome outcome = task.run(trial, recorder);
      return new Ended(end(line, trial, new TrialEnd.Ending.Returned(outcome), start), false);
    } catch (StorageException e) {
      throw e;
    } catch (Throwable thrown) {
      boolean shared =
          thrown instanceof SharedFailure || (thrown instanceof CudaError e && e.isFatal());
      return new Ended(end(line, trial, threw(thrown), start), shared);
    }
  }

  private TrialEnd.Ending threw(Throwable thrown) {
    Failure failure = Failures.of(thrown);
    try {
      Backend on = Backends.named(backend);
      return new TrialEnd.Ending.Threw(failure, on.name(), on.device());
    } catch (IllegalArgumentException e) { // that may be what was thrown
      return new TrialEnd.Ending.Threw(failure, "", "");
    }
  }

  private TrialEnd end(RunSpec.Line line, Trial trial, TrialEnd.Ending ending, Instant start) {
    return new TrialEnd(
        line.trial(),
        trial.settings(),
        ending,
        start,
        Instant.now(),
        (start.toEpochMilli() - run.startedAtMs()) / 1e3,
        LogTail.end());
  }

  /**
   * Memory that a trial on a GPU is predicted to take.
   *
   * @param device of state, recordings and, by synapse, a target, a place and a weight: about twice
   *     what networks were seen to take [B]
   * @param host of recordings on their way and statistics [B]
   */
  record Footprint(double device, double host) {
    Footprint max(Footprint other) {
      return new Footprint(Math.max(device, other.device), Math.max(host, other.host));
    }
  }

  /** What a trial is predicted to take. */
  Footprint footprint(RunSpec.Line line) {
    try {
      Cost cost = task.cost(run.trial(line, backend));
      return new Footprint(4 * cost.bytes() + 12 * cost.synapses(), HOST_BYTES + 2 * cost.bytes());
    } catch (RuntimeException e) {
      return new Footprint(0, HOST_BYTES); // of contradicting settings nothing is predicted
    }
  }
}

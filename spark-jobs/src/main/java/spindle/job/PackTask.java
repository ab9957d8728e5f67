package spindle.job;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.Function1;
import scala.collection.Iterator;
import spindle.result.Digests;
import spindle.result.GroupCommit;
import spindle.result.Json;
import spindle.result.StorageException;
import spindle.result.TrialEnd;
import spindle.result.TrialStatus;
import spindle.task.Recorder;
import spindle.task.Task;
import spindle.task.Trial;

/**
 * What Spark runs on a partition: the trials of a pack, one after the other on this core.
 *
 * <p>Whatever a trial throws becomes its result. Only trouble with storage, and being killed, end
 * the task: then Spark runs the partition again, and what is committed is skipped.
 */
final class PackTask implements Function1<Iterator<Pack>, Integer>, Serializable {
  private final String spec;
  private final Tally.Counters counters;

  PackTask(RunSpec spec, Tally.Counters counters) {
    this.spec = Json.line(spec);
    this.counters = counters;
  }

  @Override
  public Integer apply(Iterator<Pack> packs) {
    LogTail.install();
    int done = 0;
    try {
      RunSpec run = Json.parse(spec, RunSpec.class);
      while (packs.hasNext()) {
        done += run(run, packs.next());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return done;
  }

  private int run(RunSpec run, Pack pack) throws IOException {
    Task task = run.task();
    Path drain = run.header().layout().drain(run.header().runId());
    List<RunSpec.Line> lines = pack.lines(run.header().layout().todo(run.header().runId()));
    try (var commits = new GroupCommit(run.header(), task.describe(), attempt(lines), hostName())) {
      int done = 0;
      for (RunSpec.Line line : lines) {
        if (stopped(drain)) {
          break;
        }
        commits.flushBefore(run.seconds(line));
        done += commits.done(line.trial().trialId()) || !run(run, task, line, commits) ? 0 : 1;
      }
      Thread.interrupted(); // a cancelled task may still commit, and channels hate interruption
      commits.flush();
      return done;
    }
  }

  /** Runs one trial; false if the task was killed meanwhile, then the trial counts for nothing. */
  private boolean run(RunSpec run, Task task, RunSpec.Line line, GroupCommit commits)
      throws IOException {
    TrialEnd end = trial(run, task, line, commits.begin(line.trial().trialId()));
    if (TaskContext.get().isInterrupted() && end.status() == TrialStatus.FAILED) {
      return false;
    }
    Thread.interrupted();
    commits.add(end);
    counters.count(end.status(), run.seconds(line));
    return true;
  }

  private static boolean stopped(Path drain) {
    return Files.exists(drain) || TaskContext.get().isInterrupted();
  }

  private static TrialEnd trial(RunSpec run, Task task, RunSpec.Line line, Recorder recorder) {
    Trial trial = run.trial(line, Gpus.assigned(run.header().backend()));
    Instant start = Instant.now();
    LogTail.begin();
    TrialEnd.Ending ending = ending(task, trial, recorder);
    return new TrialEnd(
        line.trial(),
        trial.settings(),
        ending,
        start,
        Instant.now(),
        (start.toEpochMilli() - run.startedAtMs()) / 1e3,
        LogTail.end());
  }

  private static TrialEnd.Ending ending(Task task, Trial trial, Recorder recorder) {
    try {
      return new TrialEnd.Ending.Returned(task.run(trial, recorder));
    } catch (StorageException e) {
      throw e;
    } catch (Throwable thrown) {
      return new TrialEnd.Ending.Threw(Failures.of(thrown));
    }
  }

  private static GroupCommit.Attempt attempt(List<RunSpec.Line> lines) {
    TaskContext context = TaskContext.get();
    String packId = Digests.pack(lines.stream().map(line -> line.trial().trialId()).toList());
    return new GroupCommit.Attempt(
        packId, lines.size(), context.stageId(), context.partitionId(), context.attemptNumber());
  }

  private static String hostName() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }
}

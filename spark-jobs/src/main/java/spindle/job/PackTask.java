package spindle.job;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import scala.Function1;
import scala.collection.Iterator;
import spindle.result.Digests;
import spindle.result.GroupCommit;
import spindle.result.Json;
import spindle.task.Task;

/**
 * What Spark runs on a partition: the trials of a pack, one after the other on this core, or side
 * by side on a GPU.
 *
 * <p>Whatever a trial throws becomes its result. Only trouble with storage, and being killed, end
 * the task: then Spark runs the partition again, and what is committed is skipped. Where a GPU was
 * lost to this process the task says what is left to be done by another.
 */
final class PackTask implements Function1<Iterator<Pack>, Leftover>, Serializable {
  private final String spec;
  private final Tally.Counters counters;

  PackTask(RunSpec spec, Tally.Counters counters) {
    this.spec = Json.line(spec);
    this.counters = counters;
  }

  @Override
  public Leftover apply(Iterator<Pack> packs) {
    LogTail.install();
    try {
      return run(Json.parse(spec, RunSpec.class), packs.next());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Leftover run(RunSpec run, Pack pack) throws IOException {
    Task task = run.task();
    Path drain = run.header().layout().drain(run.header().runId());
    Path todo = run.header().layout().todo(run.header().runId());
    var stop = new Stop(drain, TaskContext.get());
    SideBySide.demandContext();
    Optional<Gpus.Taken> taken = Gpus.take(run.header().backend(), stop::now);
    if (taken.isEmpty()) {
      return Leftover.NOTHING;
    }
    List<RunSpec.Line> lines = pack.lines(todo);
    try (var gpu = taken.get();
        var commits = new GroupCommit(run.header(), task.describe(), attempt(lines), hostName())) {
      var trials = new Trials(new Work(run, task, gpu.backend()), lines, commits, counters.begin());
      Leftover left =
          gpu.device().isEmpty()
              ? oneByOne(trials, stop)
              : new SideBySide(trials, pack, gpu.device().get(), stop).run();
      Thread.interrupted(); // a cancelled task may still commit, and channels hate interruption
      commits.flush();
      return left.with(gpu.remark().isEmpty() ? "" : onCpu(gpu.remark()));
    }
  }

  private static Leftover oneByOne(Trials trials, Stop stop) throws IOException {
    for (int k = 0; k < trials.size() && !stop.now(); k++) {
      trials.commits().flushBefore(trials.seconds(k));
      if (!trials.done(k)) {
        Work.Ended ended = trials.run(k, trials.begin(k));
        if (stop.killed() && ended.failed()) {
          trials.abandon(k); // it may have been the kill that it failed of
        } else {
          Thread.interrupted();
          trials.add(ended, k);
        }
      }
    }
    return Leftover.NOTHING;
  }

  private static GroupCommit.Attempt attempt(List<RunSpec.Line> lines) {
    TaskContext context = TaskContext.get();
    String packId = Digests.pack(lines.stream().map(line -> line.trial().trialId()).toList());
    return new GroupCommit.Attempt(
        packId, lines.size(), context.stageId(), context.partitionId(), context.attemptNumber());
  }

  private static String onCpu(String why) throws IOException {
    return "backend auto on " + hostName() + ": cpu; " + why;
  }

  private static String hostName() throws IOException {
    return InetAddress.getLocalHost().getHostName();
  }

  /** Whether a task is to end before its work does. */
  record Stop(Path drain, TaskContext context) {
    boolean now() {
      return Files.exists(drain) || killed();
    }

    boolean killed() {
      return context.isInterrupted();
    }

    /** How often Spark has tried this partition before. */
    int attempts() {
      return context.attemptNumber();
    }
  }
}

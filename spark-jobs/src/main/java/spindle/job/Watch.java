package spindle.job;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import spindle.result.CommitRecord;
import spindle.result.Layout;
import spindle.result.SweepStatus;
import spindle.result.TrialStatus;

/**
 * The driver's eye on a run: reads new commit records, feeds ledger and policy, shows progress,
 * rewrites {@code _status.json}, and tells tasks to stop.
 */
final class Watch {
  private static final long STATUS_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long COMMITS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What a run is about. */
  record Subject(Layout layout, String runId, String planId, Backlog backlog) {}

  private final Subject subject;
  private final Books books;
  private final Policy policy;
  private final Progress progress;
  private final Map<TrialStatus, Long> committed = new EnumMap<>(TrialStatus.class);
  private final Set<String> told = new HashSet<>();
  private long start = System.nanoTime();
  private long end = start;
  private long lastCommits = start;
  private long lastStatus = start - STATUS_NANOS;
  private Optional<Tally> tally = Optional.empty();
  private int slots = 1;
  private Optional<String> stop = Optional.empty();

  Watch(Subject subject, Books books, Policy policy, Progress progress) {
    this.subject = subject;
    this.books = books;
    this.policy = policy;
    this.progress = progress;
  }

  /**
   * Starts the clock: trials are given out now.
   *
   * @param atATime tasks that run at a time
   */
  synchronized void begin(int atATime) {
    slots = atATime;
    start = System.nanoTime();
    end = start;
    lastCommits = start;
    lastStatus = start;
    progress.restart();
  }

  /** What counts trials that ended, committed or not. */
  synchronized void hear(Tally counted) {
    tally = Optional.of(counted);
  }

  /** Wall time since trials were given out [s]. */
  double elapsedS() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Wall time from the first trial to the last commit [s]. */
  double fannedOutS() {
    return (end - start) / 1e9;
  }

  /** Why tasks were told to stop; empty if they were not, or had all done their work already. */
  synchronized Optional<String> stopped() {
    return stop.filter(reason -> !complete());
  }

  private boolean complete() {
    long ended = committed.values().stream().mapToLong(Long::longValue).sum();
    return ended >= subject.backlog().size();
  }

  /** Does what is due: commits every second, status every five, progress each time. */
  synchronized void tick() throws IOException {
    long now = System.nanoTime();
    if (now - lastCommits >= COMMITS_NANOS) {
      lastCommits = now;
      readCommits();
    }
    if (now - lastStatus >= STATUS_NANOS) {
      lastStatus = now;
      status("running").save(subject.layout());
    }
    progress.show(
        new Progress.Reading(
            done(),
            subject.backlog().size(),
            ended(TrialStatus.FAILED) + ended(TrialStatus.DIVERGED),
            elapsedS(),
            etaS()));
  }

  /** Reads what was committed since the last time. */
  synchronized void readCommits() throws IOException {
    end = System.nanoTime();
    for (CommitRecord commit : books.fresh()) {
      books.add(commit);
      if (commit.runId().equals(subject.runId())) {
        commit.trials().forEach(this::see);
      }
    }
    if (stop.isEmpty() && !complete()) {
      Optional<String> verdict = policy.verdict();
      if (verdict.isPresent()) {
        stop(verdict.get());
      }
    }
  }

  /** Tells the user. */
  void say(String message) {
    progress.say(message);
  }

  /** Tells the tasks to end after the trial they are at. */
  synchronized void stop(String reason) throws IOException {
    drain(reason);
    progress.say("stopping: " + reason + "; trials that run now are finished and kept");
  }

  /** As {@link #stop}, for one who has said it already. */
  synchronized void drain(String reason) throws IOException {
    stop = Optional.of(reason);
    Files.writeString(subject.layout().drain(subject.runId()), reason);
  }

  /** The summary as of now. */
  synchronized SweepStatus status(String state) {
    var counts = new TreeMap<String, Long>();
    for (TrialStatus s : TrialStatus.values()) {
      counts.put(s.word(), subject.backlog().reused(s) + committed.getOrDefault(s, 0L));
    }
    return new SweepStatus(
        subject.layout().name(),
        subject.runId(),
        subject.planId(),
        state,
        subject.backlog().planned(),
        subject.backlog().reused(),
        counts,
        done(),
        elapsedS(),
        etaS(),
        Instant.now().toString());
  }

  private void see(CommitRecord.Entry entry) {
    committed.merge(TrialStatus.of(entry.status()), 1L, Long::sum);
    policy.see(entry);
    CommitRecord.Fault fault = entry.fault();
    if (!fault.fingerprint().isEmpty() && told.add(fault.fingerprint())) {
      progress.say(
          "%s: %s\n  first in trial %s (%s)"
              .formatted(entry.status(), fault.message(), entry.trialId(), fault.point()));
    }
  }

  private long ended(TrialStatus status) {
    return tally.map(t -> t.ended(status)).orElse(0L);
  }

  private long done() {
    long done = 0;
    for (TrialStatus status : TrialStatus.values()) {
      done += ended(status);
    }
    return done;
  }

  /** By predicted time where there is a prediction, else by number of trials. */
  private double etaS() {
    Backlog backlog = subject.backlog();
    long open = backlog.size() - done();
    if (backlog.seconds() > 0 && tally.isPresent()) {
      double ended = tally.get().seconds();
      return new Eta(backlog.seconds(), ended, tally.get().spent(), open, slots)
          .seconds(elapsedS());
    }
    return done() > 0 ? elapsedS() * open / done() : -1;
  }
}

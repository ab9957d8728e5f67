package spindle.result;

import static spindle.result.CommitRecord.Fault.NONE;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Function1;
import spindle.task.Recorder;
import spindle.task.Task;

/**
 * Commits the trials of one pack: each at once, or, where many end within a second, in groups of
 * one journal file and one commit record per second, so that short trials do not make a file each.
 *
 * <p>Used by one thread, but trials that run side by side record on their own. If another attempt
 * of the same pack commits first, what it committed is dropped here and the rest goes under the
 * next number.
 */
public final class GroupCommit implements AutoCloseable {
  private static final int MAX_TRIALS = 256;
  private static final long MAX_NANOS = 1_000_000_000L;
  private static final int URGENT_FAILURES = 8;
  private static final long MAX_BYTES = 256L << 20;

  /**
   * Whose commits these are.
   *
   * @param packId trials of the pack
   * @param packSize their number
   * @param stage Spark stage id
   * @param partition Spark partition
   * @param attempt Spark attempt of that partition, from 0
   */
  public record Attempt(String packId, int packSize, int stage, int partition, int attempt) {
    String tag() {
      return stage + "-" + partition + "-" + attempt;
    }
  }

  /** A trial that waits for its commit. */
  private record Pending(CommitRecord.Entry entry, Row row) {}

  private final RunHeader header;
  private final Attempt attempt;
  private final AtomicCreate create;
  private final JournalRows rows;
  private final Function1<Object, Object> toCatalyst =
      CatalystTypeConverters.createToCatalystConverter(Schemas.JOURNAL);
  private final Set<String> doneHere = new HashSet<>();
  private final Set<String> fingerprints = new HashSet<>();
  private final List<Pending> pending = new ArrayList<>();
  private final Map<String, BulkRecorder.OfTrial> open = new HashMap<>();
  private long lastCommit = System.nanoTime();
  private int next;
  private int groups;
  private int failures;
  private BulkRecorder recorder;

  /** Begins where earlier attempts at this pack ended. */
  public GroupCommit(RunHeader header, Task.Description task, Attempt attempt, String host)
      throws IOException {
    this.header = header;
    this.attempt = attempt;
    this.create = new LinkCreate();
    this.rows = new JournalRows(header, task, attempt, host);
    this.recorder = recorder();
    catchUp();
  }

  /** Whether an earlier attempt of this run has committed the trial, however it ended. */
  public boolean done(String trialId) {
    return doneHere.contains(trialId);
  }

  /** Where a trial that begins records. */
  public Recorder begin(String trialId) {
    open.put(trialId, recorder.of(trialId));
    return open.get(trialId);
  }

  /** Forgets that a trial was begun. */
  public void abandon(String trialId) {
    open.remove(trialId);
  }

  /**
   * Takes a trial that was begun and ended; commits if the last commit is a second ago, the group
   * is full or brings a new failure.
   */
  public void add(TrialEnd end) throws IOException {
    BulkRecorder.OfTrial own = open.remove(end.trial().trialId());
    var written = new JournalRows.Written(attemptId(), own.bulk(), own.seconds(), own.spikeBytes());
    CommitRecord.Fault fault = JournalRows.cause(end).map(c -> fault(c, end)).orElse(NONE);
    var entry =
        new CommitRecord.Entry(
            end.trial().trialId(), end.trial().resultKey(), end.status().word(), fault);
    pending.add(new Pending(entry, rows.row(end, written)));
    if (urgent(fault.fingerprint())
        || pending.size() >= MAX_TRIALS
        || System.nanoTime() - lastCommit >= MAX_NANOS
        || recorder.size() > MAX_BYTES) {
      flush();
    }
  }

  /**
   * Whether the driver should hear of a failure at once: it decides about aborting from commit
   * records, so that the first failures and every failure of a new kind must not wait.
   */
  private boolean urgent(String fingerprint) {
    return !fingerprint.isEmpty()
        && (fingerprints.add(fingerprint) || failures++ < URGENT_FAILURES);
  }

  /** Commits what waits if the trial that comes next is predicted to take a second or more. */
  public void flushBefore(double seconds) throws IOException {
    if (!pending.isEmpty() && seconds * 1e9 >= MAX_NANOS) {
      flush();
    }
  }

  /** Commits what waits, unless a trial still runs that shares a file with it. */
  public void flush() throws IOException {
    if (!open.isEmpty() && recorder.size() > 0) {
      return;
    }
    lastCommit = System.nanoTime();
    List<CommitRecord.StoredFile> bulk = seal();
    while (!pending.isEmpty()) {
      Path part = writePart();
      var files = new ArrayList<>(stored(List.of(part)));
      files.addAll(bulk);
      var record =
          new CommitRecord(
              attempt.packId(),
              next,
              header.runId(),
              attemptId(),
              Instant.now().toString(),
              pending.size(),
              files,
              pending.stream().map(Pending::entry).toList());
      if (create.create(header.layout().commit(attempt.packId(), next), Json.pretty(record))) {
        record.trials().forEach(e -> doneHere.add(e.trialId()));
        pending.clear();
        next++;
      } else {
        Files.deleteIfExists(part);
        catchUp();
        pending.removeIf(p -> done(p.entry().trialId()));
      }
    }
  }

  /** The files of trials that ended; none where only trials recorded that were abandoned. */
  private List<CommitRecord.StoredFile> seal() throws IOException {
    if (!open.isEmpty()) {
      return List.of();
    }
    if (pending.isEmpty()) {
      recorder.close();
    }
    List<CommitRecord.StoredFile> files = stored(recorder.seal());
    recorder = recorder();
    return files;
  }

  /** Drops what was not committed. */
  @Override
  public void close() throws IOException {
    recorder.close();
  }

  /** Reads the commits of other attempts at this pack. */
  private void catchUp() throws IOException {
    for (CommitRecord record : Journal.ofPack(header.layout(), attempt.packId())) {
      next = Math.max(next, record.n() + 1);
      if (record.runId().equals(header.runId())) {
        record.trials().forEach(e -> doneHere.add(e.trialId()));
      }
    }
    while (Files.exists(header.layout().commit(attempt.packId(), next))) {
      next++; // an unreadable record names nothing, yet holds its number
    }
  }

  private Path writePart() throws IOException {
    Path file =
        header
            .layout()
            .journal(header.runId())
            .resolve(attempt.packId() + "." + next + "." + attempt.tag() + ".parquet");
    Files.deleteIfExists(file);
    try (var part = new Part(file, Schemas.JOURNAL)) {
      for (Pending p : pending) {
        part.write((InternalRow) toCatalyst.apply(p.row()));
      }
    }
    return file;
  }

  private List<CommitRecord.StoredFile> stored(List<Path> files) throws IOException {
    var stored = new ArrayList<CommitRecord.StoredFile>();
    for (Path file : files) {
      String path = header.layout().sweep().relativize(file).toString();
      stored.add(new CommitRecord.StoredFile(path, Files.size(file), Digests.file(file)));
    }
    return stored;
  }

  private BulkRecorder recorder() {
    String name = attempt.packId() + "-" + header.runId() + "-" + attempt.tag() + "." + groups++;
    return new BulkRecorder(header.layout(), name);
  }

  private String attemptId() {
    return header.runId() + "/" + attempt.tag().replace('-', '/');
  }

  private CommitRecord.Fault fault(CommitRecord.Cause cause, TrialEnd end) {
    String line = cause.message().lines().findFirst().orElse("");
    List<String> frames =
        cause
            .stack()
            .lines()
            .filter(l -> l.startsWith("\tat "))
            .limit(5)
            .map(String::strip)
            .toList();
    String point =
        header.axes().stream()
            .map(axis -> axis + " = " + end.settings().values().get(axis) + ", ")
            .collect(Collectors.joining());
    return new CommitRecord.Fault(
        cause.kind(),
        cause.fingerprint(),
        line.substring(0, Math.min(line.length(), 300)),
        point + "seed = " + end.trial().seed(),
        frames);
  }
}

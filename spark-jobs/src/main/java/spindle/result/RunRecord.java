package spindle.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/**
 * The record of one run, from which its row of {@code provenance} is made; empty texts are unknown.
 *
 * @param command how to call the run again
 * @param finishedAt ISO instant, empty while running; of a lost driver the last sign of life, as
 *     the run after it writes it down
 * @param outcome {@code ok}, {@code ok, 3 stopped}, {@code 1 failed, 2 diverged}, {@code aborted by
 *     policy}, {@code interrupted}; empty while running
 */
public record RunRecord(
    String runId,
    String sweep,
    String planId,
    String configYaml,
    String resolvedYaml,
    List<String> overrides,
    String command,
    Origin origin,
    Map<String, String> sparkConf,
    String startedAt,
    String finishedAt,
    String outcome) {
  /** The outcome of a run that was told to end, or whose driver is gone. */
  public static final String INTERRUPTED = "interrupted";

  /**
   * Code and machine of a run.
   *
   * @param gitCommit of the repository that holds the sweep file, empty if none does
   * @param gitDirty whether its tracked files differ from the commit or the sweep file is not in it
   * @param gitDiff SHA-256 of that difference, empty if none
   * @param engineCommit what the simulator was built from, empty if its jar does not tell
   */
  public record Origin(
      String gitCommit,
      boolean gitDirty,
      String gitDiff,
      String jarSha256,
      String engineVersion,
      String engineCommit,
      String javaVersion,
      String sparkVersion,
      String submittedBy,
      String airflowRun) {}

  /** A copy that tells how the run ended. */
  public RunRecord ended(Instant at, String how) {
    return new RunRecord(
        runId,
        sweep,
        planId,
        configYaml,
        resolvedYaml,
        overrides,
        command,
        origin,
        sparkConf,
        startedAt,
        at.toString(),
        how);
  }

  /** A copy with the settings of the session that runs it. */
  public RunRecord on(Map<String, String> conf) {
    return new RunRecord(
        runId,
        sweep,
        planId,
        configYaml,
        resolvedYaml,
        overrides,
        command,
        origin,
        conf,
        startedAt,
        finishedAt,
        outcome);
  }

  /** Writes the record, over the one written at the start of the run. */
  public void save(Layout layout) throws IOException {
    LinkCreate.replace(layout.run(runId), Json.pretty(this));
  }

  /** The newest run of a sweep; empty if it never ran. */
  public static Optional<RunRecord> newest(Layout layout) throws IOException {
    return all(layout).stream().max(Comparator.comparing(RunRecord::runId));
  }

  /**
   * Closes the records of earlier runs whose drivers are gone, at their last sign of life.
   *
   * @param owner who held the sweep before
   * @param present the run that closes them
   */
  public static void closeDead(Layout layout, Optional<Lease.Owner> owner, String present)
      throws IOException {
    for (RunRecord run : all(layout)) {
      if (run.finishedAt().isEmpty() && !run.runId().equals(present)) {
        run.ended(run.lastSeen(layout, owner), INTERRUPTED).save(layout);
        Files.deleteIfExists(layout.todo(run.runId()));
        Files.deleteIfExists(layout.drain(run.runId()));
      }
    }
  }

  private Instant lastSeen(Layout layout, Optional<Lease.Owner> owner) throws IOException {
    Instant beat =
        owner
            .filter(o -> o.runId().equals(runId))
            .map(o -> Instant.parse(o.heartbeat()))
            .orElse(Instant.EPOCH);
    Instant said =
        SweepStatus.of(layout)
            .filter(s -> s.runId().equals(runId))
            .map(s -> Instant.parse(s.updatedAt()))
            .orElse(Instant.EPOCH);
    return Stream.of(beat, said, Instant.parse(startedAt))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /**
   * The rows of {@code provenance}, one per run of the sweep.
   *
   * @param kernels hashes of programs by run and name
   */
  static List<Row> rows(Layout layout, Map<String, Map<String, String>> kernels)
      throws IOException {
    return all(layout).stream()
        .sorted(Comparator.comparing(RunRecord::runId))
        .map(r -> r.row(kernels.getOrDefault(r.runId(), Map.of())))
        .toList();
  }

  private static List<RunRecord> all(Layout layout) throws IOException {
    var records = new ArrayList<RunRecord>();
    if (!Files.isDirectory(layout.runs())) {
      return records;
    }
    try (var listing = Files.newDirectoryStream(layout.runs(), "[!.]*.json")) {
      for (Path file : listing) {
        records.add(Json.read(file, RunRecord.class));
      }
    }
    return records;
  }

  private Row row(Map<String, String> kernels) {
    return new Cells(Schemas.PROVENANCE)
        .set("run_id", runId)
        .set("sweep", sweep)
        .set("plan_id", planId)
        .set("config_yaml", configYaml)
        .set("resolved_yaml", resolvedYaml)
        .set("overrides", overrides)
        .set("git_commit", known(origin.gitCommit()))
        .set("git_dirty", origin.gitCommit().isEmpty() ? null : origin.gitDirty())
        .set("git_diff_sha256", known(origin.gitDiff()))
        .set("engine_version", origin.engineVersion())
        .set("engine_commit", known(origin.engineCommit()))
        .set("jar_sha256", known(origin.jarSha256()))
        .set("kernel_hashes", kernels)
        .set("java_version", origin.javaVersion())
        .set("spark_version", origin.sparkVersion())
        .set("spark_conf", sparkConf)
        .set("host_count", 1)
        .set("submitted_by", known(origin.submittedBy()))
        .set("airflow_dag_run", known(origin.airflowRun()))
        .set("started_at", time(startedAt))
        .set("finished_at", time(finishedAt))
        .set("outcome", known(outcome))
        .row();
  }

  private static Object known(String text) {
    return Optional.of(text).filter(t -> !t.isEmpty()).orElse(null);
  }

  private static Object time(String iso) {
    return iso.isEmpty() ? null : Timestamp.from(Instant.parse(iso));
  }
}

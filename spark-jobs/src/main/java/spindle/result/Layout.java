package spindle.result;

import java.io.Serializable;
import java.nio.file.Path;

/**
 * Where everything of one sweep lies; readers use only the table folders.
 *
 * <pre>
 * _plan/ID.json  _plan/ID.trials.csv        plan and its trial ids and result keys
 * _runs/RUN.json  _runs/LEASE               one record per run, current owner with heartbeat
 * _journal/RUN/PACK.N.ATTEMPT.parquet       committed trials, one file per group commit
 * _journal/commits/PACK.N.json              commit records, created exclusively
 * _data/TABLE/PACK-RUN-ATTEMPT.N.parquet    spikes and traces
 * _stages/KEY                               what trials share, by what it depends on
 * _status.json                              small summary, rewritten while running
 * trials/ metrics/ ...  report.html         published tables and the report over them
 * _published/N.json  _published/v=N/        file list per version; tables on their way in and out
 * </pre>
 *
 * @param folder root and sweep name as a text path; a Path would not travel to executors
 */
public record Layout(String folder) implements Serializable {
  /** The layout of a sweep below a root. */
  public static Layout of(Path root, String sweep) {
    return new Layout(root.resolve(sweep).toAbsolutePath().normalize().toString());
  }

  /** The sweep's own folder. */
  public Path sweep() {
    return Path.of(folder);
  }

  /** Name of the sweep. */
  public String name() {
    return sweep().getFileName().toString();
  }

  /** Folder of a published table. */
  public Path table(Table table) {
    return sweep().resolve(table.folder());
  }

  /** Canonical plan and resolved settings. */
  public Path plan(String planId) {
    return sweep().resolve("_plan").resolve(planId + ".json");
  }

  /** Trial id and result key of every trial of a plan, one pair a line. */
  public Path planTrials(String planId) {
    return sweep().resolve("_plan").resolve(planId + ".trials.csv");
  }

  /** Folder of the run records and the lease. */
  public Path runs() {
    return sweep().resolve("_runs");
  }

  /** Record of one run. */
  public Path run(String runId) {
    return runs().resolve(runId + ".json");
  }

  /** The trials a run has to do, one JSON object a line; gone once the run is over. */
  public Path todo(String runId) {
    return runs().resolve(runId + ".todo.jsonl");
  }

  /** While this file exists the tasks of a run begin no further trial. */
  public Path drain(String runId) {
    return runs().resolve(runId + ".drain");
  }

  /** Who runs the sweep now. */
  public Path lease() {
    return runs().resolve("LEASE");
  }

  /** Folder of what trials share. */
  public Path stages() {
    return sweep().resolve("_stages");
  }

  /** The summary that {@code spindle status} shows. */
  public Path status() {
    return sweep().resolve("_status.json");
  }

  /** The report. */
  public Path report() {
    return sweep().resolve("report.html");
  }

  /** Journal parts of one run. */
  public Path journal(String runId) {
    return sweep().resolve("_journal").resolve(runId);
  }

  /** Folder of the commit records. */
  public Path commits() {
    return sweep().resolve("_journal").resolve("commits");
  }

  /** The n-th commit record of a pack. */
  public Path commit(String packId, int n) {
    return commits().resolve(packId + "." + n + ".json");
  }

  /** Unpublished files of a bulk table. */
  public Path bulk(Table table) {
    return sweep().resolve("_data").resolve(table.folder());
  }

  /** Folder of versions and their file lists. */
  public Path published() {
    return sweep().resolve("_published");
  }

  /** File list of a version. */
  public Path manifest(int version) {
    return published().resolve(version + ".json");
  }

  /** Tables of a version before they are swapped in and after they are swapped out. */
  public Path version(int version) {
    return published().resolve("v=" + version);
  }
}

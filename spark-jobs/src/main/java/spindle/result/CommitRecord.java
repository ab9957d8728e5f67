package spindle.result;

import java.util.List;

/**
 * What makes trials exist: the record of one group commit.
 *
 * @param packId trials that Spark ran as one partition
 * @param n number of the commit within the pack, over all runs and attempts
 * @param runId run that committed
 * @param attemptId run/stage/partition/attempt
 * @param committedAt ISO instant
 * @param rows number of trials
 * @param files every file of the commit, the journal part first, relative to the sweep's folder
 * @param trials what became of each trial
 */
public record CommitRecord(
    String packId,
    int n,
    String runId,
    String attemptId,
    String committedAt,
    int rows,
    List<StoredFile> files,
    List<Entry> trials) {

  /** A file with its size [B] and SHA-256. */
  public record StoredFile(String path, long bytes, String sha256) {}

  /**
   * One trial of a commit.
   *
   * @param fingerprint which failure it was, empty if none
   * @param message first line of the failure, empty if none
   */
  public record Entry(
      String trialId, String resultKey, String status, String fingerprint, String message) {}

  public CommitRecord {
    files = List.copyOf(files);
    trials = List.copyOf(trials);
  }

  /** The Parquet file with the journal rows, relative to the sweep's folder. */
  public String part() {
    return files.get(0).path();
  }
}

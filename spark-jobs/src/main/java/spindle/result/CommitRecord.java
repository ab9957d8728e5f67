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
   * @param fault what went wrong, {@link Fault#NONE} if nothing did
   */
  public record Entry(String trialId, String resultKey, String status, Fault fault) {
    /** Whether a guard of the sweep ended it. */
    public boolean stopped() {
      return status.equals(TrialStatus.STOPPED.word());
    }

    /** Whether a GPU was lost while it ran. */
    public boolean fatal() {
      return fault.kind().equals(Failure.Kind.CUDA_FATAL.word());
    }

    /** Whether it failed for a reason that a later attempt may not meet. */
    public boolean curable() {
      return status.equals(TrialStatus.FAILED.word())
          && !fault.kind().equals(Failure.Kind.CONFIG.word());
    }
  }

  /**
   * Why a trial did not run to its end, in brief, so that it can be shown without reading tables.
   *
   * @param kind class of the failure, or {@code stopped}
   * @param fingerprint equal for failures with one cause
   * @param message its first line
   * @param point seed and swept parameters of the trial
   * @param frames where it was thrown, at most five frames
   */
  public record Fault(
      String kind, String fingerprint, String message, String point, List<String> frames) {
    /** Nothing went wrong. */
    public static final Fault NONE = new Fault("", "", "", "", List.of());

    public Fault {
      frames = List.copyOf(frames);
    }
  }

  /**
   * Why a trial did not run to its end, with all that is known.
   *
   * @param kind class of the failure, or {@code stopped}
   * @param fingerprint equal for one cause
   * @param message what it said
   * @param stack stack trace, empty if nothing was thrown
   */
  record Cause(String kind, String fingerprint, String message, String stack) {}

  public CommitRecord {
    files = List.copyOf(files);
    trials = List.copyOf(trials);
  }

  /** The Parquet file with the journal rows, relative to the sweep's folder. */
  public String part() {
    return files.get(0).path();
  }
}

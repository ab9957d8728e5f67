package spindle.job;

import java.io.IOException;
import java.util.List;
import spindle.result.GroupCommit;
import spindle.task.Recorder;

/**
 * The trials of a pack at work; all but {@link #run} is for the thread of the task.
 *
 * @param lines by their places in the pack
 */
record Trials(Work work, List<RunSpec.Line> lines, GroupCommit commits, Tally.Lap lap) {
  int size() {
    return lines.size();
  }

  private String id(int k) {
    return lines.get(k).trial().trialId();
  }

  /** Whether an earlier attempt committed it. */
  boolean done(int k) {
    return commits.done(id(k));
  }

  /** Predicted wall time [s]. */
  double seconds(int k) {
    return work.run().seconds(lines.get(k));
  }

  /** Where one that begins records. */
  Recorder begin(int k) {
    return commits.begin(id(k));
  }

  /** Runs one that was begun. */
  Work.Ended run(int k, Recorder recorder) {
    return work.end(lines.get(k), recorder);
  }

  /** Keeps how one ended. */
  void add(Work.Ended ended, int k) throws IOException {
    commits.add(ended.end());
    lap.count(ended.end().status(), seconds(k));
  }

  /** Lets one that was begun count for nothing. */
  void abandon(int k) {
    commits.abandon(id(k));
  }
}

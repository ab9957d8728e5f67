package spindle.job;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import spindle.result.CommitRecord;
import spindle.result.Journal;
import spindle.result.Layout;
import spindle.result.Ledger;
import spindle.result.TrialStatus;
import spindle.sweep.PlannedTrial;
import spindle.sweep.Sweep.Reuse;

/** What is committed, as far as the sweep wants to reuse it. */
final class Books {
  private final Journal journal;
  private final Reuse reuse;
  private final Ledger ledger = new Ledger();

  private Books(Layout layout, Reuse reuse) {
    this.journal = new Journal(layout);
    this.reuse = reuse;
  }

  /** The books of a sweep with every commit that counts. */
  static Books open(Layout layout, Reuse reuse) throws IOException {
    var books = new Books(layout, reuse);
    List<CommitRecord> earlier = books.journal.fresh();
    if (reuse != Reuse.NONE) {
      earlier.forEach(books::add);
    }
    return books;
  }

  /** The commit records that appeared since the last call. */
  List<CommitRecord> fresh() throws IOException {
    return journal.fresh();
  }

  /** Enters the trials of a commit. */
  void add(CommitRecord commit) {
    for (CommitRecord.Entry e : commit.trials()) {
      String key = reuse == Reuse.PARAMS ? e.trialId() : e.resultKey();
      ledger.put(key, e);
    }
  }

  /** How a trial ended; empty if nothing is committed that could be used for it. */
  Optional<TrialStatus> status(PlannedTrial trial) {
    return ledger.status(key(trial));
  }

  /** Whether a trial failed for a reason that a later attempt may not meet. */
  boolean curable(PlannedTrial trial) {
    return ledger.curable(key(trial));
  }

  /** Whether a GPU was lost when a trial ran. */
  boolean fatal(PlannedTrial trial) {
    return ledger.fatal(key(trial));
  }

  private String key(PlannedTrial trial) {
    return reuse == Reuse.PARAMS ? trial.trialId() : trial.resultKey();
  }

  /** Number of different results. */
  long size() {
    return ledger.size();
  }
}

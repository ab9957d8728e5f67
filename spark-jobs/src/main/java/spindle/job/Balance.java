package spindle.job;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spindle.result.TrialStatus;
import spindle.sweep.Plan;
import spindle.sweep.PlannedTrial;

/**
 * Planned trials against committed ones, counted trial by trial.
 *
 * @param curable failed trials that may end otherwise when they run again
 * @param missing trials without a terminal state
 */
record Balance(long planned, Map<TrialStatus, Long> ends, long curable, long missing) {
  static Balance of(Plan plan, Books books) {
    var ends = new EnumMap<TrialStatus, Long>(TrialStatus.class);
    for (TrialStatus status : TrialStatus.values()) {
      ends.put(status, 0L);
    }
    long planned = 0;
    long curable = 0;
    long missing = 0;
    for (var trials = plan.trials(); trials.hasNext(); planned++) {
      PlannedTrial trial = trials.next();
      Optional<TrialStatus> status = books.status(trial);
      curable += books.curable(trial) ? 1 : 0;
      if (status.isPresent()) {
        ends.merge(status.get(), 1L, Long::sum);
      } else {
        missing++;
      }
    }
    return new Balance(planned, ends, curable, missing);
  }

  long ended(TrialStatus status) {
    return ends.get(status);
  }

  /**
   * Trials that went wrong. A trial that a guard of the sweep stopped did not: the user has asked
   * for this end, and its status tells the readers of the tables.
   */
  long wrong() {
    return ended(TrialStatus.FAILED) + ended(TrialStatus.DIVERGED);
  }

  /** How the sweep went: {@code ok}, {@code ok, 3 stopped}, {@code 1 failed, 2 diverged}. */
  String outcome() {
    var parts = new ArrayList<String>();
    for (TrialStatus status :
        List.of(TrialStatus.FAILED, TrialStatus.DIVERGED, TrialStatus.STOPPED)) {
      if (ended(status) > 0) {
        parts.add(ended(status) + " " + status.word());
      }
    }
    if (wrong() == 0) {
      parts.add(0, "ok");
    }
    return String.join(", ", parts);
  }

  /** {@code planned 40 = 38 ok + 1 diverged + 0 stopped + 1 failed}. */
  String text() {
    String sum =
        "planned %d = %d ok + %d diverged + %d stopped + %d failed"
            .formatted(
                planned,
                ended(TrialStatus.OK),
                ended(TrialStatus.DIVERGED),
                ended(TrialStatus.STOPPED),
                ended(TrialStatus.FAILED));
    return missing == 0 ? sum : sum + " + " + missing + " not run";
  }
}

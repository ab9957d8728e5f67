package spindle.job;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import spindle.result.TrialStatus;
import spindle.sweep.Plan;

/**
 * Planned trials against committed ones, counted trial by trial.
 *
 * @param missing trials without a terminal state
 */
record Balance(long planned, Map<TrialStatus, Long> ends, long missing) {
  static Balance of(Plan plan, Books books) {
    var ends = new EnumMap<TrialStatus, Long>(TrialStatus.class);
    for (TrialStatus status : TrialStatus.values()) {
      ends.put(status, 0L);
    }
    long planned = 0;
    long missing = 0;
    for (var trials = plan.trials(); trials.hasNext(); planned++) {
      Optional<TrialStatus> status = books.status(trials.next());
      if (status.isPresent()) {
        ends.merge(status.get(), 1L, Long::sum);
      } else {
        missing++;
      }
    }
    return new Balance(planned, ends, missing);
  }

  long ended(TrialStatus status) {
    return ends.get(status);
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

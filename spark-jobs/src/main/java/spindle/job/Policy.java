package spindle.job;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import spindle.result.CommitRecord;
import spindle.result.TrialStatus;
import spindle.sweep.Sweep;

/** Decides from committed trials whether a sweep is worth going on with. */
final class Policy {
  private final Sweep.Execution limits;
  private final long planned;
  private final Map<String, Long> alike = new HashMap<>();
  private long failed;
  private long others;

  Policy(Sweep.Execution limits, long planned) {
    this.limits = limits;
    this.planned = planned;
  }

  /** Takes note of a committed trial. */
  void see(CommitRecord.Entry entry) {
    if (entry.status().equals(TrialStatus.FAILED.word())) {
      failed++;
      alike.merge(entry.fault().fingerprint(), 1L, Long::sum);
    } else {
      others++;
    }
  }

  /** Why the sweep should stop; empty if it should not. */
  Optional<String> verdict() {
    if (failed > limits.maxFailedFraction() * planned) {
      return Optional.of(
          "%d of %d trials failed, more than failures.max_fraction %s allows"
              .formatted(failed, planned, limits.maxFailedFraction()));
    }
    long same = alike.values().stream().mapToLong(Long::longValue).max().orElse(0);
    if (limits.sameError() > 0 && others == 0 && same >= limits.sameError()) {
      return Optional.of(
          "the first %d to end all failed with the same error (failures.same_error %d)"
              .formatted(same, limits.sameError()));
    }
    return Optional.empty();
  }
}

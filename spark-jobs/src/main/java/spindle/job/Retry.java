package spindle.job;

import spindle.result.Ledger;
import spindle.result.TrialStatus;

/** Which committed trials run again. */
public enum Retry {
  /** None: what is committed stays. */
  NONE,
  /** Those that failed. */
  FAILED,
  /** Those that failed, diverged or were stopped. */
  ALL;

  /** Whether a trial has to run, given what is committed. */
  boolean wants(Ledger ledger, String resultKey) {
    return !ledger.has(resultKey)
        || switch (this) {
          case NONE -> false;
          case FAILED -> ledger.has(resultKey, TrialStatus.FAILED);
          case ALL -> !ledger.has(resultKey, TrialStatus.OK);
        };
  }
}

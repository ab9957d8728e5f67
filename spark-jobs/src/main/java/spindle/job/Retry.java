package spindle.job;

import spindle.result.TrialStatus;

/** Which committed trials run again. */
public enum Retry {
  /** None: what is committed stays. */
  NONE,
  /** Those that failed. */
  FAILED,
  /** Those that failed, diverged or were stopped. */
  ALL;

  /** Whether a trial that ended like this runs again. */
  boolean wants(TrialStatus status) {
    return switch (this) {
      case NONE -> false;
      case FAILED -> status == TrialStatus.FAILED;
      case ALL -> status != TrialStatus.OK;
    };
  }
}

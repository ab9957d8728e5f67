package spindle.result;

import java.util.Locale;

/** The terminal states of a trial as the {@code trials} table spells them in lower case. */
public enum TrialStatus {
  /** Ran to its end. */
  OK,
  /** The state became NaN or infinite. */
  DIVERGED,
  /** A guard ended it. */
  STOPPED,
  /** Threw. */
  FAILED;

  /** The word in the tables. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status with this word. */
  public static TrialStatus of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}

package spindle.result;

import java.util.Locale;

/**
 * Why an attempt of a trial went wrong.
 *
 * @param kind class of the failure
 * @param fingerprint equal for failures with one cause
 * @param message what it said
 * @param stack stack trace, at most 16 kB
 */
public record Failure(Kind kind, String fingerprint, String message, String stack) {
  /** What sort of thing went wrong, and whether trying again may help. */
  public enum Kind {
    /** The settings contradict each other. */
    CONFIG(false),
    /** Device memory did not suffice. */
    OOM_DEVICE(true),
    /** Host memory did not suffice. */
    OOM_HOST(true),
    /** The device context is dead. */
    CUDA_FATAL(true),
    /** The state became NaN or infinite. */
    DIVERGED(false),
    /** Took longer than allowed. */
    TIMEOUT(true),
    /** The process that ran it vanished. */
    EXECUTOR_LOST(true),
    /** Reading or writing failed. */
    IO(true),
    /** Anything else. */
    BUG(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }

    /** Whether the same trial may end otherwise next time. */
    public boolean retryable() {
      return retryable;
    }

    /** The word in the {@code failures} table. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

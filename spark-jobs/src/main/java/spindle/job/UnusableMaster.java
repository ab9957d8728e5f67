package spindle.job;

/**
 * No session can be had from the Spark master that was asked for, or none of its executors can run
 * a task; the message says why.
 */
public final class UnusableMaster extends RuntimeException {
  /** With a message for the user. */
  UnusableMaster(String message, Throwable cause) {
    super(message, cause);
  }
}

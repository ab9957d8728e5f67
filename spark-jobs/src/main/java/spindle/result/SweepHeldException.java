package spindle.result;

/** Another driver runs the sweep; the message says which, where and since when. */
public final class SweepHeldException extends RuntimeException {
  /** With a message for the user. */
  public SweepHeldException(String message) {
    super(message);
  }
}

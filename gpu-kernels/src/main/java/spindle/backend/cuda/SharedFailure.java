package spindle.backend.cuda;

/**
 * What was done for several trials at once and failed: it says nothing of any one of them, which
 * may well run in another company.
 */
public final class SharedFailure extends RuntimeException {
  SharedFailure(int trials, Throwable cause) {
    super("shared by " + trials + " trials: " + cause.getMessage(), cause);
  }
}

package spindle.sweep;

/** What the process says to its caller; scripts and schedulers decide by it. */
public enum ExitCode {
  /** Every trial is ok or was stopped by a guard of the sweep, or the question was answered. */
  OK(0),
  /** A fault of Spindle itself. */
  INTERNAL(1),
  /** The sweep file, an option or the result root is wrong; nothing ran. */
  BAD_CONFIG(2),
  /** Finished, but some trials failed or diverged. */
  FAILED_TRIALS(3),
  /** Stopped by the failure policy of the sweep. */
  ABORTED(4),
  /** Another driver is running the sweep. */
  HELD(5);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The process exit status. */
  public int code() {
    return code;
  }
}

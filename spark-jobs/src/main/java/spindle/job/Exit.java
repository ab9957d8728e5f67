package spindle.job;

/** How a command ends, as its exit code tells scripts. */
public enum Exit {
  /** All trials are ok. */
  OK(0),
  /** The configuration or the place for results is wrong. */
  BAD_CONFIG(2),
  /** Every trial ended, some of them failed. */
  FAILED_TRIALS(3),
  /** The failure policy stopped the sweep. */
  ABORTED(4),
  /** Another driver runs the sweep. */
  HELD(5);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  /** The process exit code. */
  public int code() {
    return code;
  }
}

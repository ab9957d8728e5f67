package spindle.model;

/** Turns spans of time into whole steps. */
public final class Steps {
  private static final double TOLERANCE = 1e-6;

  private Steps() {}

  /** Whether a span is a whole number of steps, up to rounding. */
  public static boolean whole(double ms, double dtMs) {
    double steps = Math.rint(ms / dtMs);
    return Math.abs(ms / dtMs - steps) <= TOLERANCE * Math.max(1, steps);
  }

  /**
   * The number of steps a span takes.
   *
   * @param what name for the message
   * @param ms the span [ms]
   * @param dtMs the step [ms]
   * @throws IllegalArgumentException if it is no multiple of the step
   */
  public static int of(String what, double ms, double dtMs) {
    double steps = Math.rint(ms / dtMs);
    if (!whole(ms, dtMs)) {
      throw new IllegalArgumentException(
          what
              + " = "
              + ms
              + " ms is no multiple of dt = "
              + dtMs
              + " ms; nearest is "
              + (float) (steps * dtMs)
              + " ms");
    }
    if (steps > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(what + " = " + ms + " ms takes more than 2^31 steps");
    }
    return (int) steps;
  }
}

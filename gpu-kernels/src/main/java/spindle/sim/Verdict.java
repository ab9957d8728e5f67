package spindle.sim;

/**
 * Whether a simulation goes on.
 *
 * @param kind go on, or how it ended
 * @param reason one line for people, empty when it goes on
 */
public record Verdict(Kind kind, String reason) {
  /** The simulation goes on. */
  public static final Verdict GO_ON = new Verdict(Kind.GO_ON, "");

  /** How a simulation can end early. */
  public enum Kind {
    GO_ON,
    DIVERGED,
    STOPPED
  }
}

package spindle.task;

/** The number that is raised by hand whenever the same trial may give other bits than before. */
public final class NumericsVersion {
  /** Part of every result's identity. */
  public static final int CURRENT = 6;

  private NumericsVersion() {}
}

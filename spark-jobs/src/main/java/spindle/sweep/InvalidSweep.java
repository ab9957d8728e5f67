package spindle.sweep;

import java.util.List;

/** A sweep file that cannot be run; says every reason with file, line and column. */
public final class InvalidSweep extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;

  /** An error with one line per reason, each fit to be shown as it stands. */
  public InvalidSweep(List<String> lines) {
    super(String.join(System.lineSeparator(), lines));
    this.lines = List.copyOf(lines);
  }

  /** One line per reason: {@code coba.yaml:14:16 axes.syn.g_exc: expected conductance, ...}. */
  public List<String> lines() {
    return lines;
  }
}

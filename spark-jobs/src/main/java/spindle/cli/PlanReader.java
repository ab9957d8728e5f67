package spindle.cli;

import java.nio.file.Path;
import java.util.List;
import spindle.sweep.Plan;

/** Reads a sweep file into a plan. */
@FunctionalInterface
public interface PlanReader {
  /**
   * Reads and checks a file.
   *
   * @param overrides {@code --set} arguments, in order
   */
  Plan read(Path config, List<String> overrides);
}

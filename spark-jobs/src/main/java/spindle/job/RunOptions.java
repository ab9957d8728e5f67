package spindle.job;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the command line adds to a plan.
 *
 * @param root folder for results, empty: as the sweep says
 * @param retry which committed trials run again
 * @param takeover whether to take the sweep from a live driver
 * @param command how to call this run again, for messages: {@code spindle run a.yaml}
 * @param config the sweep file, if there is one
 */
public record RunOptions(
    String root, Retry retry, boolean takeover, String command, Optional<Path> config) {
  /** The options of a plan that no file describes. */
  public RunOptions(String root, Retry retry, boolean takeover, String command) {
    this(root, retry, takeover, command, Optional.empty());
  }
}

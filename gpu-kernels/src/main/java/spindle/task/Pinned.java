package spindle.task;

import java.util.List;
import java.util.Map;

/**
 * What settings name outside the sweep, files above all, as it was found.
 *
 * @param values parameters that say by content what was found, such as checksums: with them in the
 *     settings a trial stays a function of its settings
 * @param conflicts why a trial could not use it, empty if it can
 */
public record Pinned(Map<String, Value> values, List<Conflict> conflicts) {
  /** Nothing outside is named. */
  public static final Pinned NOTHING = new Pinned(Map.of(), List.of());

  public Pinned {
    values = Map.copyOf(values);
    conflicts = List.copyOf(conflicts);
  }
}

package spindle.task;

import java.util.List;

/**
 * Values that are each allowed but cannot go together.
 *
 * @param keys parameters (or {@code record.spikes.chunk}, {@code record.traces.every}) that clash,
 *     the one to change first
 * @param message values, rule and remedy, in the user's names
 */
public record Conflict(List<String> keys, String message) {
  public Conflict {
    keys = List.copyOf(keys);
  }

  /**
   * Refuses settings with conflicts.
   *
   * @throws IllegalArgumentException with the messages of all conflicts
   */
  public static void refuse(List<Conflict> conflicts) {
    if (!conflicts.isEmpty()) {
      throw new IllegalArgumentException(
          String.join("; ", conflicts.stream().map(Conflict::message).toList()));
    }
  }
}

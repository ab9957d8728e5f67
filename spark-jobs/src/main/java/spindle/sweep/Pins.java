package spindle.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import spindle.task.Pinned;
import spindle.task.Settings;
import spindle.task.Task;
import spindle.task.Value;

/** What settings name outside the sweep, each looked at once for one plan. */
final class Pins {
  private final Task task;
  private final List<String> names;
  private final Map<List<Value>, Pinned> known = new HashMap<>();

  Pins(Task task) {
    this.task = task;
    names = task.outside();
  }

  /** Parameters that name what lies outside. */
  List<String> names() {
    return names;
  }

  /** What settings name, as it was when it was first asked for. */
  synchronized Pinned of(Settings settings) {
    if (names.isEmpty()) {
      return Pinned.NOTHING;
    }
    List<Value> key = names.stream().map(settings.values()::get).toList();
    return known.computeIfAbsent(key, k -> task.pin(settings));
  }
}

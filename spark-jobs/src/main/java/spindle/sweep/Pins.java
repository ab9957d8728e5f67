package spindle.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import spindle.task.Conflict;
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
    Pinned seen = known.get(key);
    if (seen == null) {
      seen = once(key, task.pin(settings));
      known.put(key, seen);
    }
    return seen;
  }

  /** Refuses what was found before in another place: its trials would have one name. */
  private Pinned once(List<Value> key, Pinned found) {
    if (found.values().isEmpty()) {
      return found;
    }
    for (Map.Entry<List<Value>, Pinned> other : known.entrySet()) {
      if (other.getValue().values().equals(found.values())) {
        String why = "the same content as another of its values has, so the same trials; name one";
        return new Pinned(Map.of(), List.of(new Conflict(differing(key, other.getKey()), why)));
      }
    }
    return found;
  }

  private List<String> differing(List<Value> one, List<Value> other) {
    return IntStream.range(0, names.size())
        .filter(i -> !Objects.equals(one.get(i), other.get(i)))
        .mapToObj(names::get)
        .toList();
  }
}

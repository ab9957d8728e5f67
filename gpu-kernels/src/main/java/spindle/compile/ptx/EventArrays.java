package spindle.compile.ptx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import spindle.compile.Loop;
import spindle.compile.Schedule;
import spindle.compile.Stage;

/**
 * Which of the lists of events of a step need no memory of their own: a part of another list is
 * found there, and what is collected to be kept is collected where it is kept.
 */
final class EventArrays {
  private final Map<Integer, Stage.Slice> parts = new HashMap<>();
  private final Map<Integer, Set<String>> keeps = new HashMap<>();
  private final Map<Integer, String> homes = new HashMap<>();

  EventArrays(Schedule schedule) {
    Set<Integer> collected = new HashSet<>();
    for (Stage stage : schedule.stages()) {
      if (stage instanceof Stage.Loops s) {
        s.loops().stream().map(Loop::collects).forEach(c -> collected.addAll(c.values()));
      } else if (stage instanceof Stage.Collect s) {
        collected.add(s.events());
      } else if (stage instanceof Stage.Slice s) {
        parts.put(s.target(), s);
      } else if (stage instanceof Stage.Keep s) {
        keeps.computeIfAbsent(s.events(), k -> new HashSet<>()).add(s.variable());
        homes.put(s.events(), s.variable());
      }
    }
    homes.keySet().removeIf(array -> keeps.get(array).size() > 1 || !collected.contains(array));
    parts.keySet().removeAll(keeps.keySet());
  }

  /** Whether a list has memory of its own. */
  boolean isOwn(int array) {
    return !parts.containsKey(array) && !homes.containsKey(array);
  }

  /** The variable in whose newest list an array is collected, or null. */
  String home(int array) {
    return homes.get(array);
  }

  /** What an array is a part of, or null. */
  Stage.Slice part(int array) {
    return parts.get(array);
  }

  /** Whether an array is where a source is found, or is kept there, or a part of it is. */
  boolean isBehind(int array, Stage.Source source) {
    if (source.list() < 0) {
      return keeps.getOrDefault(array, Set.of()).contains(source.variable());
    }
    Stage.Slice part = parts.get(source.list());
    return part == null ? source.list() == array : isBehind(array, part.source());
  }
}

package spindle.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spindle.task.Conflict;
import spindle.task.Value;

/**
 * Conflicts between the settings of configurations, each kind once, at the place of the value that
 * the user would change.
 */
final class Clashes {
  /** A sweep with an axis wrong throughout would else fill the screen. */
  private static final int MOST = 20;

  private final Draft draft;
  private final Map<Kind, Found> found = new LinkedHashMap<>();
  private long others;

  Clashes(Draft draft) {
    this.draft = draft;
  }

  /** Conflicts that one change of the file would end. */
  private record Kind(At at, List<String> keys) {}

  /** A kind of conflict: its text at the first configuration that has it, and how many have it. */
  private record Found(String text, long configurations) {}

  /** Where a value stands and what the file calls it. */
  private record Place(String path, At at) {}

  /** Takes the conflicts of one configuration with these swept and derived values. */
  void add(Map<String, Value> parameters, List<Conflict> conflicts) {
    for (Conflict conflict : conflicts) {
      Place place = place(parameters, conflict.keys());
      var kind = new Kind(place.at(), conflict.keys());
      if (found.containsKey(kind) || found.size() < MOST) {
        boolean named = conflict.message().startsWith(place.path() + " = ");
        String text = named ? conflict.message() : place.path() + ": " + conflict.message();
        var first = new Found(text, 1);
        found.merge(kind, first, (a, b) -> new Found(a.text(), a.configurations() + 1));
      } else {
        others++;
      }
    }
  }

  /** Reports what was found among so many configurations. */
  void report(long configurations, Problems problems) {
    found.forEach(
        (kind, f) -> {
          boolean all = f.configurations() == configurations;
          String share =
              String.format(" (%,d of %,d configurations)", f.configurations(), configurations);
          problems.add(kind.at(), f.text() + (all ? "" : share));
        });
    if (others > 0) {
      problems.add(draft.at("axes", "axes"), "axes: " + others + " more conflicts of this sort");
    }
  }

  /** The first of the keys that the user has set, by axis, expression or fixed value. */
  private Place place(Map<String, Value> parameters, List<String> keys) {
    for (String key : keys) {
      String value =
          parameters.containsKey(key) ? "=" + parameters.get(key).canonical() : " is no axis";
      for (String path :
          List.of("axes." + key + value, "axes." + key, "derive." + key, "fixed." + key, key)) {
        At at = draft.places().get(path);
        if (at != null) {
          return new Place(path.endsWith(value) ? "axes." + key : path, at);
        }
      }
    }
    return new Place("fixed", draft.at("fixed", "axes"));
  }
}

package spindle.sweep;

import java.util.Map;

/**
 * A sweep as read, before its trials are counted.
 *
 * @param places where the parts stand that later checks may blame, by path
 */
record Draft(Sweep sweep, Map<String, At> places) {
  Draft {
    places = Map.copyOf(places);
  }

  At at(String path, String otherwise) {
    return places.getOrDefault(path, places.getOrDefault(otherwise, places.get("sweep")));
  }
}

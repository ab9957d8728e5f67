package spindle.backend;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a program is run with.
 *
 * @param scalars value per parameter
 * @param recorded events variables of which every step is logged
 */
public record Arguments(Map<String, Double> scalars, Set<String> recorded) {
  public Arguments {
    scalars = Map.copyOf(new TreeMap<>(scalars));
    recorded = Set.copyOf(recorded);
  }
}

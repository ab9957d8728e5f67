package spindle.backend;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a program is run with.
 *
 * @param scalars value per parameter
 * @param recorded events variables of which every step is logged
 * @param once whether it runs a step or two only, so that costly compilation does not pay
 */
public record Arguments(Map<String, Double> scalars, Set<String> recorded, boolean once) {
  /** Arguments of a program that runs for many steps. */
  public Arguments(Map<String, Double> scalars, Set<String> recorded) {
    this(scalars, recorded, false);
  }

  public Arguments {
    scalars = Map.copyOf(new TreeMap<>(scalars));
    recorded = Set.copyOf(recorded);
  }
}

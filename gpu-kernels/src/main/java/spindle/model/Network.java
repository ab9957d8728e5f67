package spindle.model;

import java.util.HashSet;
import java.util.List;
import spindle.ir.DType;

/**
 * A network as data.
 *
 * @param dtMs time step [ms]
 * @param precision element type of all state
 */
public record Network(
    String name,
    List<Population> populations,
    List<Projection> projections,
    double dtMs,
    DType precision) {
  public Network {
    populations = List.copyOf(populations);
    projections = List.copyOf(projections);
    if (!(dtMs > 0 && Double.isFinite(dtMs))) {
      throw new IllegalArgumentException("dt must be > 0 ms, got " + dtMs);
    }
    var names = new HashSet<String>();
    populations.forEach(p -> requireNew(names, p.name()));
    projections.forEach(p -> requireNew(names, p.name()));
  }

  private static void requireNew(HashSet<String> names, String name) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("two parts of the network are named " + name);
    }
  }

  /** The variable that holds a state of a population. */
  public static String variable(Population population, String state) {
    return population.name() + "." + state;
  }

  /** The variable that holds the spikes of a population. */
  public static String spikes(Population population) {
    return variable(population, "spikes");
  }
}

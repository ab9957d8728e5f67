package spindle.model;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * The state variables of a population: those of its neurons, then those of its receptors.
   *
   * @throws IllegalArgumentException if two of them have one name
   */
  public List<State> states(Population p) {
    var states = new LinkedHashMap<String, State>();
    p.neuron().states().forEach(s -> states.put(s.name(), s));
    for (Receptor r : receptors(p)) {
      for (State s : r.states()) {
        if (states.put(s.name(), s) != null) {
          throw new IllegalArgumentException(p.name() + " has two states named " + s.name());
        }
      }
    }
    return List.copyOf(states.values());
  }

  /** The receptors of a population; those of one name are one, and must be equal. */
  List<Receptor> receptors(Population p) {
    var receptors = new LinkedHashMap<String, Receptor>();
    for (Projection q : projections) {
      if (q.isOnto(p)) {
        add(receptors, p, q.receptor());
      }
    }
    for (Input i : p.inputs()) {
      if (i instanceof Input.Poisson c) {
        add(receptors, p, c.receptor());
      }
    }
    return List.copyOf(receptors.values());
  }

  private static void add(Map<String, Receptor> known, Population p, Receptor r) {
    Receptor before = known.putIfAbsent(r.name(), r);
    if (before != null && !before.equals(r)) {
      throw new IllegalArgumentException(p.name() + " has two states named " + r.name());
    }
  }

  /** The variable that holds a state of a population. */
  public static String variable(Population population, String state) {
    return population.name() + "." + state;
  }

  /** The variable that holds the weights of a projection's synapses, where one does. */
  public static String weights(Projection projection) {
    return projection.name() + ".weights";
  }

  /** The variable that holds the spikes of a population. */
  public static String spikes(Population population) {
    return variable(population, "spikes");
  }
}

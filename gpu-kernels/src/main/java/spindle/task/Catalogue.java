package spindle.task;

import java.util.List;
import spindle.connect.AllToAll;
import spindle.connect.Bernoulli;
import spindle.connect.FixedInDegree;
import spindle.connect.FixedOutDegree;
import spindle.connect.OneToOne;
import spindle.connect.Weighted;
import spindle.model.Input;
import spindle.model.neuron.Lif;
import spindle.model.synapse.Coba;
import spindle.model.synapse.Cuba;
import spindle.model.synapse.Exponential;

/** The parts that networks are built from, as {@code spindle models} lists them. */
public final class Catalogue {
  private Catalogue() {}

  /**
   * One part.
   *
   * @param kind neuron, synapse, output, input or connectivity
   * @param name for people
   * @param type the record that implements it
   * @param units unit of each component of the record in order, empty where it has none
   * @param about equation and source
   */
  public record Part(
      String kind, String name, Class<? extends Record> type, List<String> units, String about) {
    public Part {
      units = List.copyOf(units);
      if (units.size() != type.getRecordComponents().length) {
        throw new IllegalArgumentException(name + ": one unit per component, got " + units);
      }
    }

    /** The parameters with their units: {@code tau [ms], vRest [mV]}. */
    public String parameters() {
      var text = new StringBuilder();
      for (int i = 0; i < units.size(); i++) {
        String unit = units.get(i).isEmpty() ? "" : " [" + units.get(i) + "]";
        text.append(i == 0 ? "" : ", ").append(type.getRecordComponents()[i].getName());
        text.append(unit);
      }
      return text.toString();
    }
  }

  /** Every part, by kind. */
  public static List<Part> parts() {
    return List.of(
        part(
            "neuron",
            "lif",
            Lif.class,
            "ms,mV,mV,mV,ms,mV",
            "tau dv/dt = (v_rest - v) + I, hard reset, refractory (Lapicque 1907)"),
        part("synapse", "exponential", Exponential.class, "ms", "dg/dt = -g / tau, g += w"),
        part("output", "coba", Coba.class, "mV", "I = g (e - v)"),
        part("output", "cuba", Cuba.class, "", "I = g"),
        part("input", "constant", Input.Constant.class, "mV", "the same current at every step"),
        part(
            "input",
            "poisson",
            Input.Poisson.class,
            ",Hz,,",
            "one independent source per neuron, a Bernoulli trial per step"),
        part(
            "connectivity",
            "bernoulli",
            Bernoulli.class,
            ",,",
            "each pair with probability p, exact (Erdos and Renyi 1959)"),
        part(
            "connectivity",
            "fixed-in-degree",
            FixedInDegree.class,
            ",,",
            "exactly this many distinct sources per target"),
        part(
            "connectivity",
            "fixed-out-degree",
            FixedOutDegree.class,
            ",,",
            "exactly this many distinct targets per source"),
        part("connectivity", "one-to-one", OneToOne.class, "", "neuron i to neuron i"),
        part("connectivity", "all-to-all", AllToAll.class, ",", "every pair"),
        part(
            "connectivity",
            "weighted",
            Weighted.class,
            ",,,",
            "any of these with uniform or normal weights per synapse"));
  }

  private static Part part(
      String kind, String name, Class<? extends Record> type, String units, String about) {
    int n = type.getRecordComponents().length;
    String[] cells = units.split(",", -1);
    return new Part(kind, name, type, List.of(cells).subList(0, Math.min(n, cells.length)), about);
  }
}

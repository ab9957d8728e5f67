package spindle.task;

import static spindle.task.Unit.HERTZ;
import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.NANOSIEMENS;

import java.util.ArrayList;
import java.util.List;
import spindle.connect.Bernoulli;
import spindle.connect.Connectivity;
import spindle.connect.FixedInDegree;
import spindle.connect.FixedOutDegree;
import spindle.ir.DType;
import spindle.ir.Rows;
import spindle.model.Delays;
import spindle.model.Group;
import spindle.model.Input;
import spindle.model.Network;
import spindle.model.Neuron;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.model.Receptor;

/** A balanced network for given settings: one population, its first part excitatory. */
final class BalancedNetwork {
  private final String name;
  private final Settings s;
  private final Membrane membrane;
  private final int neurons;
  private final int excitatory;

  /**
   * What the neurons of a balanced network are.
   *
   * @param drive constant input, in the unit that the neuron takes
   * @param exc receptor of excitatory synapses
   * @param inh receptor of inhibitory synapses
   * @param unit conductance that counts as 1 in the membrane equation [nS]
   */
  record Membrane(Neuron neuron, double drive, Receptor exc, Receptor inh, double unit) {}

  BalancedNetwork(String name, Settings s, Membrane membrane) {
    this.name = name;
    this.s = s;
    this.membrane = membrane;
    this.neurons = (int) s.count("net.neurons");
    this.excitatory = (int) Math.round(neurons * s.number("net.exc_fraction"));
  }

  /** Probability that two neurons are connected. */
  static double probability(Settings s) {
    return s.word("net.weights").equals("literal")
        ? s.number("net.p")
        : s.number("net.degree") / s.count("net.neurons");
  }

  static DType precision(Settings s) {
    return s.word("sim.precision").equals("float64") ? DType.F64 : DType.F32;
  }

  static Rows.Storage storage(Settings s) {
    return switch (s.word("net.storage")) {
      case "stored" -> Rows.Storage.STORED;
      case "regenerated" -> Rows.Storage.REGENERATED;
      default -> Rows.Storage.AUTO;
    };
  }

  /** The excitatory and the inhibitory neurons of the network. */
  List<Group> groups(Network network) {
    Population cells = network.populations().get(0);
    return List.of(cells.group("E", 0, excitatory), cells.group("I", excitatory, cells.size()));
  }

  Network build() {
    var cells = new Population("cells", neurons, membrane.neuron(), inputs());
    List<Projection> projections =
        List.of(
            projection("exc", cells.group("E", 0, excitatory), membrane.exc(), "syn.g_exc"),
            projection("inh", cells.group("I", excitatory, neurons), membrane.inh(), "syn.g_inh"));
    double dtMs = s.number("sim.dt", MILLISECOND);
    return new Network(name, List.of(cells), projections, dtMs, precision(s));
  }

  private List<Input> inputs() {
    var inputs = new ArrayList<Input>();
    inputs.add(new Input.Constant(membrane.drive()));
    double rate = s.number("input.rate", HERTZ);
    if (rate > 0) {
      inputs.add(new Input.Poisson("background", rate, weight("input.g"), membrane.exc()));
    }
    return inputs;
  }

  private Projection projection(String name, Group pre, Receptor receptor, String conductance) {
    double weight = weight(conductance);
    if (s.word("net.weights").equals("literal")) {
      weight /= neurons / 4000.0;
    }
    Population post = pre.population();
    Connectivity connectivity = connectivity(pre.size(), post.size());
    return new Projection(name, pre, post, receptor, connectivity, storage(s), weight, delays());
  }

  private Delays delays() {
    double delay = s.number("syn.delay", MILLISECOND);
    return s.word("syn.delay_law").equals("uniform")
        ? new Delays.Uniform(delay, s.number("syn.delay_max", MILLISECOND))
        : new Delays.Constant(delay);
  }

  /** A conductance as the membrane equation has it. */
  private double weight(String conductance) {
    return s.number(conductance, NANOSIEMENS) / membrane.unit();
  }

  private Connectivity connectivity(int pre, int post) {
    double p = probability(s);
    return switch (s.word("net.connectivity")) {
      case "bernoulli" -> new Bernoulli(pre, post, p);
      case "fixed-out-degree" -> new FixedOutDegree(pre, post, (int) Math.round(p * post));
      case "fixed-in-degree" -> new FixedInDegree(pre, post, (int) Math.round(p * pre));
      default ->
          throw new IllegalArgumentException("net.connectivity " + s.word("net.connectivity"));
    };
  }
}

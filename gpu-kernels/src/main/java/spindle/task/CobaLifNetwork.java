package spindle.task;

import static spindle.task.Unit.HERTZ;
import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.MILLIVOLT;
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
import spindle.model.Initial;
import spindle.model.Input;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.model.Receptor;
import spindle.model.neuron.Lif;
import spindle.model.synapse.Coba;
import spindle.model.synapse.Exponential;

/** The COBA-LIF network for given settings: one population of LIF neurons, its first part E. */
public final class CobaLifNetwork {
  private final Settings s;
  private final int neurons;
  private final int excitatory;
  private final Receptor exc;
  private final Receptor inh;

  private CobaLifNetwork(Settings s) {
    this.s = s;
    this.neurons = (int) s.count("net.neurons");
    this.excitatory = (int) Math.round(neurons * s.number("net.exc_fraction"));
    this.exc = receptor("g_exc", "syn.tau_exc", "syn.e_exc");
    this.inh = receptor("g_inh", "syn.tau_inh", "syn.e_inh");
  }

  /** Builds the network. */
  public static Network of(Settings settings) {
    return new CobaLifNetwork(settings).network();
  }

  /** The excitatory and the inhibitory neurons. */
  static List<Group> groups(Network network, Settings settings) {
    Population cells = network.populations().get(0);
    int split = new CobaLifNetwork(settings).excitatory;
    return List.of(cells.group("E", 0, split), cells.group("I", split, cells.size()));
  }

  /** Probability that two neurons are connected. */
  static double probability(Settings s) {
    return s.word("net.weights").equals("literal")
        ? s.number("net.p")
        : s.number("net.degree") / s.count("net.neurons");
  }

  private Network network() {
    var cells = new Population("cells", neurons, neuron(), inputs());
    List<Projection> projections =
        List.of(
            projection("exc", cells.group("E", 0, excitatory), exc, "syn.g_exc"),
            projection("inh", cells.group("I", excitatory, neurons), inh, "syn.g_inh"));
    double dtMs = s.number("sim.dt", MILLISECOND);
    return new Network("coba-lif", List.of(cells), projections, dtMs, precision(s));
  }

  static DType precision(Settings s) {
    return s.word("sim.precision").equals("float64") ? DType.F64 : DType.F32;
  }

  private Lif neuron() {
    return new Lif(
        s.number("neuron.tau_m", MILLISECOND),
        s.number("neuron.v_rest", MILLIVOLT),
        s.number("neuron.v_th", MILLIVOLT),
        s.number("neuron.v_reset", MILLIVOLT),
        s.number("neuron.t_ref", MILLISECOND),
        new Initial.Normal(s.number("init.v_mean", MILLIVOLT), s.number("init.v_std", MILLIVOLT)));
  }

  private List<Input> inputs() {
    var inputs = new ArrayList<Input>();
    inputs.add(new Input.Constant(s.number("input.drive", MILLIVOLT)));
    double rate = s.number("input.rate", HERTZ);
    if (rate > 0) {
      inputs.add(new Input.Poisson("background", rate, relative("input.g"), exc));
    }
    return inputs;
  }

  private Receptor receptor(String name, String tau, String reversal) {
    return new Receptor(
        name, new Exponential(s.number(tau, MILLISECOND)), new Coba(s.number(reversal, MILLIVOLT)));
  }

  private Projection projection(String name, Group pre, Receptor receptor, String conductance) {
    double weight = relative(conductance);
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

  /** A conductance in units of the leak, as the membrane equation has it. */
  private double relative(String conductance) {
    return s.number(conductance, NANOSIEMENS) / s.number("neuron.g_leak", NANOSIEMENS);
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

  static Rows.Storage storage(Settings s) {
    return switch (s.word("net.storage")) {
      case "stored" -> Rows.Storage.STORED;
      case "regenerated" -> Rows.Storage.REGENERATED;
      default -> Rows.Storage.AUTO;
    };
  }
}

package spindle.task;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import spindle.connect.AllToAll;
import spindle.connect.Bernoulli;
import spindle.connect.Csr;
import spindle.connect.Delayed;
import spindle.connect.FixedInDegree;
import spindle.connect.FixedOutDegree;
import spindle.connect.Gaussian;
import spindle.connect.OneToOne;
import spindle.connect.UniformSkips;
import spindle.connect.Weighted;
import spindle.model.Input;
import spindle.model.channel.Leak;
import spindle.model.channel.PotassiumTraubMiles;
import spindle.model.channel.SodiumTraubMiles;
import spindle.model.neuron.ConductanceBased;
import spindle.model.neuron.GeneralizedIf;
import spindle.model.neuron.LeakyIntegrator;
import spindle.model.neuron.Lif;
import spindle.model.synapse.Coba;
import spindle.model.synapse.Cuba;
import spindle.model.synapse.Delta;
import spindle.model.synapse.Exponential;

/**
 * The parts that networks and their training are built from, as {@code spindle models} lists them.
 */
public final class Catalogue {
  private static final Field PRE = field("pre", "number of presynaptic neurons");
  private static final Field POST = field("post", "number of postsynaptic neurons");

  private Catalogue() {}

  /**
   * One part.
   *
   * @param kind neuron, channel, synapse, output, input, connectivity, surrogate, loss,
   *     regulariser, optimizer, learning-rate, initializer or encoder
   * @param name for people
   * @param type the record that implements it
   * @param fields its parameters, as the components of the record in order
   * @param about what it does: the equation where it has one
   * @param source paper with place, or what it follows from
   */
  public record Part(
      String kind,
      String name,
      Class<? extends Record> type,
      List<Field> fields,
      String about,
      String source) {
    public Part {
      fields = List.copyOf(fields);
      List<String> named = fields.stream().map(Field::name).toList();
      List<String> components =
          Arrays.stream(type.getRecordComponents()).map(c -> c.getName()).toList();
      if (!named.equals(components)) {
        throw new IllegalArgumentException(
            name + ": one field per component " + components + ", got " + named);
      }
    }

    /** The parameters with their units: {@code tau [ms], vRest [mV]}. */
    public String parameters() {
      return fields.stream().map(Field::title).collect(Collectors.joining(", "));
    }
  }

  /**
   * One parameter of a part.
   *
   * @param unit symbol, empty for plain numbers and names
   * @param setBy the parameter of {@code coba-lif} or {@code coba-hh} that sets it and gives its
   *     default; empty if none does
   * @param about one phrase
   */
  public record Field(String name, String unit, String setBy, String about) {
    String title() {
      return unit.isEmpty() ? name : name + " [" + unit + "]";
    }
  }

  /** Every part, by kind. */
  public static List<Part> parts() {
    return Stream.of(
            neurons(), channels(), synapses(), inputs(), connectivities(), LearningParts.all())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Part> neurons() {
    return List.of(
        new Part(
            "neuron",
            "lif",
            Lif.class,
            List.of(
                new Field("tau", "ms", "neuron.tau_m", "membrane time constant"),
                new Field("vRest", "mV", "neuron.v_rest", "resting potential"),
                new Field("vThreshold", "mV", "neuron.v_th", "threshold"),
                new Field("vReset", "mV", "neuron.v_reset", "reset potential, below threshold"),
                new Field("tRefractory", "ms", "neuron.t_ref", "refractory time"),
                new Field("initial", "mV", "init.v_mean", "how v starts; deviation: init.v_std")),
            "tau dv/dt = (vRest - v) + I, hard reset, refractory; exponential Euler",
            "Lapicque 1907; Brette et al. 2007, benchmark 1"),
        new Part(
            "neuron",
            "leaky-integrator",
            LeakyIntegrator.class,
            List.of(new Field("tau", "ms", "", "membrane time constant")),
            "tau dv/dt = -v + I, never spikes: a readout; exponential Euler",
            "Lapicque 1907, without a threshold"),
        new Part(
            "neuron",
            "generalized-if",
            GeneralizedIf.class,
            List.of(
                new Field("tau", "ms", "neuron.tau_m", "membrane time constant"),
                new Field("vThreshold", "mV", "neuron.v_th", "threshold above rest"),
                field("fast", "current that a spike sets: time constant and value"),
                field("slow", "current that a spike adds to: its range of time constants")),
            "tau dv/dt = -v + I + fast + slow currents of spikes, soft reset; exponential Euler",
            "Mihalas & Niebur 2009; BrainPy paper, figure 6"),
        new Part(
            "neuron",
            "conductance-based",
            ConductanceBased.class,
            List.of(
                new Field("capacitance", "pF", "", "membrane capacitance"),
                field("channels", "ion channels"),
                new Field("vThreshold", "mV", "", "a spike is a crossing from below"),
                new Field("initial", "mV", "", "how v starts")),
            "C dv/dt = sum of channel currents + I; exponential Euler by its own derivative",
            "Hodgkin & Huxley 1952, equation 26"));
  }

  private static List<Part> channels() {
    Field g = new Field("g", "nS", "", "conductance with all gates open");
    Field vT = new Field("vT", "mV", "neuron.v_t", "shifts the rates");
    String traubMiles = "Traub & Miles 1991; Brette et al. 2007, appendix 1";
    return List.of(
        new Part(
            "channel",
            "leak",
            Leak.class,
            List.of(g, reversal("neuron.e_leak")),
            "I = g (e - v)",
            "Hodgkin & Huxley 1952, equation 26"),
        new Part(
            "channel",
            "sodium-traub-miles",
            SodiumTraubMiles.class,
            List.of(g, reversal("neuron.e_na"), vT),
            "I = g m^3 h (e - v)",
            traubMiles),
        new Part(
            "channel",
            "potassium-traub-miles",
            PotassiumTraubMiles.class,
            List.of(g, reversal("neuron.e_k"), vT),
            "I = g n^4 (e - v)",
            traubMiles));
  }

  private static Field reversal(String setBy) {
    return new Field("e", "mV", setBy, "reversal potential");
  }

  private static List<Part> synapses() {
    return List.of(
        new Part(
            "synapse",
            "exponential",
            Exponential.class,
            List.of(
                new Field("tau", "ms", "syn.tau_exc", "decay time; inhibitory: syn.tau_inh"),
                field("initial", "how g starts")),
            "dg/dt = -g / tau, g += weight on arrival; exact over a step",
            "Vogels & Abbott 2005; Brette et al. 2007, benchmarks 1 and 2"),
        new Part(
            "synapse",
            "delta",
            Delta.class,
            List.of(),
            "what arrives acts in the step of its arrival alone",
            "BrainPy, dyn.synapses.Delta"),
        new Part(
            "output",
            "coba",
            Coba.class,
            List.of(
                new Field("e", "mV", "syn.e_exc", "reversal potential; inhibitory: syn.e_inh"),
                field("unit", "of g: g_leak, for neurons with input in mV, or nS, for pA")),
            "I = g (e - v)",
            "Brette et al. 2007, benchmark 1"),
        new Part(
            "output",
            "cuba",
            Cuba.class,
            List.of(),
            "I = g, in mV",
            "Brette et al. 2007, benchmark 2"));
  }

  private static List<Part> inputs() {
    return List.of(
        new Part(
            "input",
            "constant",
            Input.Constant.class,
            List.of(new Field("current", "mV", "input.drive", "current times resistance")),
            "the same current at every step",
            "BrainPy scripts (arXiv 2311.05106)"),
        new Part(
            "input",
            "poisson",
            Input.Poisson.class,
            List.of(
                field("name", "names its random stream"),
                new Field("rateHz", "Hz", "input.rate", "rate of each source; rate x dt <= 1"),
                new Field("weight", "g_leak", "input.g", "what a spike adds to the receptor"),
                field("receptor", "what it acts on")),
            "one independent source per neuron, a Bernoulli trial with p = rate x dt per step",
            "a Poisson process to first order in dt"));
  }

  private static List<Part> connectivities() {
    return Stream.of(random(), byDistance(), regular()).flatMap(List::stream).toList();
  }

  private static List<Part> byDistance() {
    return List.of(
        new Part(
            "connectivity",
            "gaussian",
            Gaussian.class,
            List.of(
                field("from", "grid of the sources: height, width, whether edges meet"),
                field("to", "grid of the targets, in the same plane"),
                new Field("sigma", "cells of to", "", "standard deviation of the distance"),
                field("peak", "probability at distance 0"),
                field("self", "whether a neuron may be connected to itself")),
            "each pair with p(d) = peak exp(-d^2 / (2 sigma^2)), exact",
            "BrainPy's GaussianProb (arXiv 2311.05106), with a peak"));
  }

  private static List<Part> random() {
    return List.of(
        new Part(
            "connectivity",
            "bernoulli",
            Bernoulli.class,
            List.of(PRE, POST, new Field("p", "", "net.p", "probability of each pair")),
            "each pair with probability p, exact; gap = floor(log u / log(1 - p))",
            "Erdos & Renyi 1959; gaps: Devroye 1986, X.2"),
        new Part(
            "connectivity",
            "fixed-in-degree",
            FixedInDegree.class,
            List.of(PRE, POST, new Field("degree", "", "net.degree", "sources per target")),
            "exactly this many distinct sources per target, chosen uniformly",
            "Brunel 2000"),
        new Part(
            "connectivity",
            "fixed-out-degree",
            FixedOutDegree.class,
            List.of(PRE, POST, new Field("degree", "", "net.degree", "targets per source")),
            "exactly this many distinct targets per source, chosen uniformly",
            "BrainPy scripts (arXiv 2311.05106)"),
        new Part(
            "connectivity",
            "uniform-skips",
            UniformSkips.class,
            List.of(
                PRE,
                POST,
                field("p", "probability asked for; pairs have 2 / ceil(2 / p)"),
                field("byPost", "whether rows are targets, whose in-degrees then vary less")),
            "skips of 1 .. ceil(2 / p) - 1 columns; to compare with BrainPy, else use bernoulli",
            "brainevent 0.2.0, regenerated matrices"));
  }

  private static List<Part> regular() {
    return List.of(
        new Part(
            "connectivity",
            "one-to-one",
            OneToOne.class,
            List.of(field("size", "number of neurons on either side")),
            "neuron i to neuron i",
            "by definition"),
        new Part(
            "connectivity",
            "all-to-all",
            AllToAll.class,
            List.of(PRE, POST),
            "every pair, a neuron and itself included",
            "by definition"),
        new Part(
            "connectivity",
            "csr",
            Csr.class,
            List.of(
                POST,
                field("indptr", "number of the first synapse of each row, and the total"),
                field("indices", "postsynaptic neuron of each synapse, ascending in its row"),
                field("weights", "weight of each synapse, or none where all are 1")),
            "synapses that are given, as compressed sparse rows or as pairs; in Java only",
            "by definition"),
        new Part(
            "connectivity",
            "weighted",
            Weighted.class,
            List.of(
                field("connected", "which pairs are connected: any of these"),
                field("law", "UNIFORM or NORMAL"),
                field("offset", "lower bound (uniform) or mean (normal)"),
                field("scale", "width (uniform) or standard deviation (normal)")),
            "weight = offset + scale x deviate, a deviate per synapse",
            "this project; normal deviates by inversion"),
        new Part(
            "connectivity",
            "delayed",
            Delayed.class,
            List.of(
                field("connected", "which pairs are connected: any of these"),
                field("law", "Constant, Uniform or Distance, in steps")),
            "a delay per synapse: any step between bounds, or distance / velocity + offset",
            "this project"));
  }

  private static Field field(String name, String about) {
    return new Field(name, "", "", about);
  }
}

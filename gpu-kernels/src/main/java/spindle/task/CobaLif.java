package spindle.task;

import static spindle.task.Unit.MILLISECOND;

import java.util.List;
import spindle.model.Group;
import spindle.model.Network;

/**
 * The balanced network of conductance-based integrate-and-fire neurons (Vogels and Abbott 2005, as
 * benchmarked by Brette et al. 2007): 80 % excitatory, 20 % inhibitory, exponential synapses.
 *
 * <p>{@code net.weights: canonical} keeps weights and in-degree while the size changes, so that
 * activity does too; {@code literal} keeps the connection probability and divides weights by
 * neurons / 4000, and activity falls with size.
 */
public final class CobaLif implements Task {
  /** Warm, JDK 17, 4,000 neurons, one core of an AMD EPYC (Zen 4); background input not counted. */
  private static final double SECONDS_PER_NEURON_STEP = 0.9e-9;

  private static final double SECONDS_PER_EVENT = 1.3e-9;
  private static final double TYPICAL_RATE_HZ = 20;
  private static final double BYTES_PER_SPIKE = 2;

  @Override
  public Description describe() {
    return new Description(
        "coba-lif",
        "Balanced network of conductance-based LIF neurons (Vogels & Abbott 2005; Brette et al."
            + " 2007).",
        parameters(),
        metrics(),
        List.of("E", "I"),
        List.of("v", "g_exc", "g_inh"));
  }

  private static List<Parameter> parameters() {
    double inf = Double.POSITIVE_INFINITY;
    return List.of(
        Parameter.count("net.neurons", 4000, 1, 100_000_000, "number of neurons"),
        Parameter.number("net.exc_fraction", "0.8", 0, 1, "share of excitatory neurons"),
        Parameter.choice(
            "net.weights",
            List.of("canonical", "literal"),
            "canonical: p = degree / neurons; literal: fixed p, weights / (neurons / 4000)"),
        Parameter.number("net.degree", "80", 0, inf, "mean in-degree of the canonical form"),
        Parameter.number("net.p", "0.02", 0, 1, "connection probability of the literal form"),
        Parameter.choice(
            "net.connectivity",
            List.of("bernoulli", "fixed-out-degree", "fixed-in-degree"),
            "law of the random graph"),
        Parameter.choice(
            "net.storage",
            List.of("auto", "stored", "regenerated"),
            "how synapses are kept; same bits either way"),
        Parameter.number("syn.g_exc", "6 nS", 0, inf, "conductance per excitatory spike"),
        Parameter.number("syn.g_inh", "67 nS", 0, inf, "conductance per inhibitory spike"),
        Parameter.number("syn.tau_exc", "5 ms", 1e-9, inf, "excitatory decay time"),
        Parameter.number("syn.tau_inh", "10 ms", 1e-9, inf, "inhibitory decay time"),
        Parameter.number("syn.e_exc", "0 mV", -1000, 1000, "excitatory reversal potential"),
        Parameter.number("syn.e_inh", "-80 mV", -1000, 1000, "inhibitory reversal potential"),
        Parameter.number("syn.delay", "0.1 ms", 0, 1e6, "from spike to arrival, at least one step"),
        Parameter.number("neuron.tau_m", "20 ms", 1e-9, inf, "membrane time constant"),
        Parameter.number("neuron.g_leak", "10 nS", 1e-9, inf, "leak conductance"),
        Parameter.number("neuron.v_rest", "-60 mV", -1000, 1000, "resting potential"),
        Parameter.number("neuron.v_th", "-50 mV", -1000, 1000, "threshold"),
        Parameter.number("neuron.v_reset", "-60 mV", -1000, 1000, "reset potential"),
        Parameter.number("neuron.t_ref", "5 ms", 0, 1e6, "refractory time"),
        Parameter.number("input.drive", "20 mV", -1e6, 1e6, "constant drive, times resistance"),
        Parameter.number("input.rate", "0 Hz", 0, 1e6, "rate of one Poisson source per neuron"),
        Parameter.number("input.g", "0.6 nS", 0, inf, "conductance per background spike"),
        Parameter.number("init.v_mean", "-55 mV", -1000, 1000, "mean initial potential"),
        Parameter.number("init.v_std", "5 mV", 0, 1000, "deviation of the initial potential"),
        Parameter.number("sim.duration", "1 s", 1e-9, 1e9, "simulated time"),
        Parameter.number("sim.warmup", "0 ms", 0, 1e12, "time that metrics leave out"),
        Parameter.number("sim.dt", "0.1 ms", 1e-6, 1000, "time step"),
        Parameter.choice("sim.precision", List.of("float32", "float64"), "type of all state"));
  }

  private static List<Metric> metrics() {
    return List.of(
        Metric.of("mean_rate", "Hz", "mean firing rate of all neurons"),
        Metric.of("mean_rate_E", "Hz", "mean firing rate of the excitatory neurons"),
        Metric.of("mean_rate_I", "Hz", "mean firing rate of the inhibitory neurons"),
        Metric.of("cv_isi", "", "mean coefficient of variation of the interspike intervals"),
        Metric.of("synchrony_chi", "", "synchrony of spike counts in 5 ms bins"),
        new Metric("realtime_factor", "", "simulated time over wall time", true));
  }

  @Override
  public Cost cost(Trial trial) {
    Settings s = trial.settings();
    double neurons = s.count("net.neurons");
    double steps = s.number("sim.duration", MILLISECOND) / s.number("sim.dt", MILLISECOND);
    double spikes = neurons * TYPICAL_RATE_HZ * s.number("sim.duration", Unit.SECOND);
    double synapses = neurons * neurons * CobaLifNetwork.probability(s);
    double events = spikes * synapses / neurons;
    boolean stored = !s.word("net.storage").equals("regenerated") && neurons <= 40_000;
    return new Cost(
        neurons * steps,
        events,
        synapses,
        neurons * steps * SECONDS_PER_NEURON_STEP + events * SECONDS_PER_EVENT + 0.02,
        40 * neurons + (stored ? 2 * synapses : 0),
        trial.recording().spikes().isEmpty() ? 0 : spikes * BYTES_PER_SPIKE);
  }

  @Override
  public List<Conflict> check(Trial trial) {
    Settings s = trial.settings();
    var rules =
        new Rules(s, "sim.dt")
            .multiple("sim.duration")
            .multiple("sim.warmup")
            .multiple("syn.delay")
            .multiple("neuron.t_ref")
            .below("sim.warmup", "sim.duration", "metrics need time after the warm-up")
            .below("neuron.v_reset", "neuron.v_th", "a neuron would fire for ever");
    checkInput(s, rules);
    checkGraph(s, rules);
    if (!trial.recording().spikes().isEmpty()) {
      rules.multiple("record.spikes.chunk", trial.recording().chunkMs());
    }
    for (int i = 0; i < trial.recording().traces().size(); i++) {
      double everyMs = trial.recording().traces().get(i).everyMs();
      rules.multiple("record.traces[" + i + "].every", everyMs);
    }
    return rules.broken().isEmpty() ? unbuildable(s) : rules.broken();
  }

  /** Whatever else the network itself refuses, such as a weight that overflows. */
  private static List<Conflict> unbuildable(Settings s) {
    try {
      CobaLifNetwork.of(s);
      return List.of();
    } catch (IllegalArgumentException e) {
      return List.of(new Conflict(List.of(), e.getMessage()));
    }
  }

  private static void checkInput(Settings s, Rules rules) {
    double dtMs = s.number("sim.dt", MILLISECOND);
    rules.hold(
        s.number("sim.duration", MILLISECOND) > 1e-5 * dtMs,
        rules.shown("sim.duration") + " must be at least one step of " + rules.shown("sim.dt"),
        "sim.duration",
        "sim.dt");
    rules.hold(
        s.number("input.rate", Unit.HERTZ) * dtMs * 1e-3 <= 1,
        rules.shown("input.rate")
            + " needs more than one spike per step of "
            + rules.shown("sim.dt")
            + "; lower one of them",
        "input.rate",
        "sim.dt");
  }

  private static void checkGraph(Settings s, Rules rules) {
    boolean literal = s.word("net.weights").equals("literal");
    rules.hold(
        literal || s.number("net.degree") <= s.count("net.neurons"),
        rules.shown("net.degree")
            + " must be at most "
            + rules.shown("net.neurons")
            + ": a neuron has at most one synapse from each; lower the degree",
        "net.degree",
        "net.neurons");
  }

  @Override
  public Outcome run(Trial trial, Recorder recorder) {
    Settings s = trial.settings();
    Conflict.refuse(check(trial));
    Network network = CobaLifNetwork.of(s);
    List<Group> groups = CobaLifNetwork.groups(network, s);
    return new TrialRun(network, groups, trial, recorder).run();
  }
}

package spindle.task;

import static spindle.task.Unit.MILLISECOND;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import spindle.model.Group;
import spindle.model.Network;
import spindle.sim.Backends;

/**
 * A balanced network as a task: all but what its neurons are.
 *
 * @param name as in {@code model:} of a sweep
 * @param price what a neuron costs
 * @param membrane the neurons for given settings
 * @param rules checks what the neurons' parameters must hold
 */
record BalancedTask(
    String name,
    Price price,
    Function<Settings, BalancedNetwork.Membrane> membrane,
    Consumer<Rules> rules) {
  // Processor time, warm, JDK 17, 400 to 100,000 neurons, one core of an AMD EPYC (Zen 4).
  private static final double SECONDS_PER_POISSON_STEP = 2.1e-9;
  private static final double SECONDS_PER_STORED_EVENT = 1.3e-9;
  private static final double SECONDS_PER_REGENERATED_EVENT = 8e-9;
  private static final double SECONDS_PER_DRAWN_SYNAPSE = 30e-9;
  private static final double SECONDS_PER_TRIAL = 0.02;
  private static final double BYTES_PER_SPIKE = 2;

  /**
   * Costs of a neuron.
   *
   * @param secondsPerStep processor time of a float32 step, warm [s]
   * @param bytes memory in float32 [B]
   * @param typicalRateHz rate to expect [Hz]
   */
  record Price(double secondsPerStep, double bytes, double typicalRateHz) {}

  static List<Metric> metrics() {
    return List.of(
        Metric.of("mean_rate", "Hz", "mean firing rate of all neurons").nonNegative(),
        Metric.of("mean_rate_E", "Hz", "mean firing rate of the excitatory neurons").nonNegative(),
        Metric.of("mean_rate_I", "Hz", "mean firing rate of the inhibitory neurons").nonNegative(),
        Metric.of(
                "cv_isi",
                "",
                "CV of the interspike intervals (deviation over n), mean of neurons with 2 or more")
            .nonNegative(),
        Metric.of("synchrony_chi", "", "synchrony of spike counts in 5 ms bins").nonNegative(),
        new Metric("realtime_factor", "s/s", "simulated time over wall time", true).nonNegative());
  }

  Cost cost(Trial trial) {
    Settings s = trial.settings();
    double neurons = s.count("net.neurons");
    double steps = s.number("sim.duration", MILLISECOND) / s.number("sim.dt", MILLISECOND);
    double spikes = neurons * price.typicalRateHz() * s.number("sim.duration", Unit.SECOND);
    double synapses = neurons * neurons * BalancedNetwork.probability(s);
    double events = spikes * synapses / neurons;
    boolean stored =
        !Backends.regenerates(BalancedNetwork.storage(s), (int) s.count("net.neurons"));
    return new Cost(
        neurons * steps,
        events,
        synapses,
        neurons * steps * perNeuronStep(s)
            + events * (stored ? SECONDS_PER_STORED_EVENT : SECONDS_PER_REGENERATED_EVENT)
            + synapses * SECONDS_PER_DRAWN_SYNAPSE
            + SECONDS_PER_TRIAL,
        price.bytes() * neurons + (stored ? synapses * synapseBytes(s) : 0),
        recordedBytes(trial, spikes));
  }

  private static int synapseBytes(Settings s) {
    return Backends.synapseBytes((int) s.count("net.neurons"), BalancedNetwork.precision(s));
  }

  private static double recordedBytes(Trial trial, double spikes) {
    Settings s = trial.settings();
    double exc = s.count("net.neurons") * s.number("net.exc_fraction");
    var sizes = Map.of("E", exc, "I", s.count("net.neurons") - exc);
    return (trial.recording().spikes().isEmpty() ? 0 : spikes * BYTES_PER_SPIKE)
        + trial.recording().traceBytes(s.number("sim.duration", MILLISECOND), sizes);
  }

  private double perNeuronStep(Settings s) {
    int words = s.word("sim.precision").equals("float64") ? 2 : 1;
    double poisson = s.number("input.rate", Unit.HERTZ) > 0 ? SECONDS_PER_POISSON_STEP : 0;
    return words * (price.secondsPerStep() + poisson);
  }

  List<Conflict> check(Trial trial) {
    Settings s = trial.settings();
    var rules =
        new Rules(s, "sim.dt")
            .multiple("sim.duration")
            .multiple("sim.warmup")
            .multiple("syn.delay")
            .below("sim.warmup", "sim.duration", "metrics need time after the warm-up");
    this.rules.accept(rules);
    if (s.word("syn.delay_law").equals("uniform")) {
      rules.multiple("syn.delay_max").atMost("syn.delay", "syn.delay_max", "these are its bounds");
    }
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
  private List<Conflict> unbuildable(Settings s) {
    try {
      network(s);
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

  Network network(Settings s) {
    return balanced(s).build();
  }

  /** Excitatory and inhibitory neurons of the network for these settings. */
  List<Group> groups(Network network, Settings s) {
    return balanced(s).groups(network);
  }

  private BalancedNetwork balanced(Settings s) {
    return new BalancedNetwork(name, s, membrane.apply(s));
  }

  Outcome run(Trial trial, Recorder recorder) {
    Conflict.refuse(check(trial));
    BalancedNetwork balanced = balanced(trial.settings());
    Network network = balanced.build();
    return new TrialRun(network, balanced.groups(network), trial, recorder).run();
  }
}

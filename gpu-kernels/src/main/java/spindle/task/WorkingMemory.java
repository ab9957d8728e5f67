package spindle.task;

import static spindle.task.Unit.BYTE;
import static spindle.task.Unit.HERTZ;
import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.SECOND;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import spindle.backend.Backend;
import spindle.sim.Backends;
import spindle.train.classify.Design;
import spindle.train.classify.Matching;
import spindle.train.loop.Part;

/**
 * Delayed match to sample: whether a direction is the one that was seen before a delay, told by a
 * recurrent network of adapting neurons that is trained through time (the spiking working-memory
 * model of the BrainPy paper, arXiv 2311.05106, figure 6).
 *
 * <p>Sizes, times, constants and penalties are those of the published script. It differs in that
 * weights of one sign are kept by a bound at 0 instead of an absolute value, that layers have no
 * bias, and that the penalty on potentials is of each population.
 */
public final class WorkingMemory implements Task {
  // Forward and back, warm, JDK 17, one core of an AMD EPYC (Zen 4); JDK 25 takes less than half.
  private static final double SECONDS_PER_NEURON_STEP = 20e-9;
  private static final double SECONDS_PER_WEIGHT_STEP = 0.25e-9;
  private static final double SECONDS_PER_TRIAL = 1;
  private static final double STATE_BYTES = 40;
  private static final String SCRIPT = "BrainPy script (arXiv 2311.05106)";
  private static final String OWN = "this project";
  private static final List<String> SPANS =
      List.of("task.fixation", "task.sample", "task.delay", "task.test");

  @Override
  public Description describe() {
    var parameters = new ArrayList<Parameter>();
    parameters.addAll(trials());
    parameters.addAll(network());
    parameters.addAll(TrainingParameters.surrogate("relu-grad", "1 mV", SCRIPT));
    parameters.addAll(loss());
    parameters.addAll(
        TrainingParameters.training(5, TrainingParameters.rate("0.001").from(SCRIPT)));
    parameters.addAll(TrainingParameters.limits());
    return new Description(
        "working-memory",
        "Delayed match to sample by adapting spiking neurons, trained by back propagation through"
            + " time (BrainPy paper, arXiv 2311.05106, figure 6).",
        parameters,
        TrainingRun.metrics(),
        List.of(),
        List.of());
  }

  private static List<Parameter> trials() {
    return List.of(
        Parameter.count("task.directions", 8, 2, 1000, "directions, evenly spaced").from(SCRIPT),
        span("task.fixation", "500 ms", 0, "time before the sample"),
        span("task.sample", "500 ms", 1e-3, "time that the sample is seen"),
        span("task.delay", "1000 ms", 0, "time between sample and test"),
        span("task.test", "500 ms", 1e-3, "time that the test is seen, and scores count"),
        Parameter.count("task.train", 6400, 1, 1 << 30, "trials of an epoch").from(SCRIPT),
        Parameter.count("task.valid", 448, 0, 1 << 30, "trials to choose by").from(OWN),
        Parameter.count("task.tests", 1120, 0, 1 << 30, "trials to judge by").from(OWN),
        Parameter.count("in.channels", 100, 1, 100_000, "input channels").from(SCRIPT),
        Parameter.number("in.kappa", "2", 0, 1e3, "sharpness of their tuning").from(SCRIPT),
        Parameter.number("in.peak", "40 Hz", 0, 1e6, "what the preferred direction adds")
            .from(SCRIPT),
        Parameter.number("in.background", "1 Hz", 0, 1e6, "rate without a stimulus").from(SCRIPT));
  }

  private static Parameter span(String name, String fallback, double least, String about) {
    return Parameter.number(name, fallback, least, 1e6, about).from(SCRIPT);
  }

  private static List<Parameter> network() {
    return List.of(
        Parameter.count("net.exc", 80, 1, 100_000, "excitatory neurons").from(SCRIPT),
        Parameter.count("net.inh", 20, 1, 100_000, "inhibitory neurons").from(SCRIPT),
        Parameter.number("net.gain", "0.4", 1e-9, 1e9, "variance of weights times fan in")
            .from(SCRIPT),
        Parameter.number("neuron.tau_m", "20 ms", 1e-3, 1e6, "membrane time constant").from(SCRIPT),
        Parameter.number("neuron.v_th", "1 mV", 1e-6, 1e6, "threshold above rest").from(SCRIPT),
        Parameter.number("neuron.tau_fast", "10 ms", 1e-3, 1e6, "decay of the fast current")
            .from(SCRIPT),
        Parameter.number(
                "neuron.a_fast", "1 mV", -1e6, 1e6, "fast current after a spike, inhibitory")
            .from(SCRIPT),
        Parameter.number("neuron.tau_slow_min", "100 ms", 1e-3, 1e6, "least slow time constant")
            .from(SCRIPT),
        Parameter.number("neuron.tau_slow_max", "3000 ms", 1e-3, 1e6, "largest one").from(SCRIPT),
        Parameter.number("neuron.a_slow", "-0.6 mV", -1e6, 1e6, "slow current that a spike adds")
            .from(SCRIPT),
        Parameter.number("neuron.tau_out", "10 ms", 1e-3, 1e6, "time constant of the scores")
            .from(SCRIPT),
        Parameter.number("syn.tau", "100 ms", 1e-3, 1e6, "decay time of synapses").from(SCRIPT),
        Parameter.number("sim.dt", "1 ms", 1e-6, 1000, "time step").from(SCRIPT),
        Parameter.choice("sim.precision", List.of("float32", "float64"), "type of all state")
            .from(OWN));
  }

  private static List<Parameter> loss() {
    return List.of(
        Parameter.number("loss.voltage", "1", 0, 1e9, "factor of the penalty on potentials")
            .from(SCRIPT),
        Parameter.number("loss.penalty", "0", 0, 1e9, "factor of (rate - loss.rate)^2 in 1/Hz^2")
            .from(SCRIPT),
        Parameter.number("loss.rate", "10 Hz", 0, 1e6, "rate asked of neurons")
            .usedWhen("loss.penalty")
            .from(OWN));
  }

  @Override
  public Cost cost(Trial trial) {
    Settings s = trial.settings();
    double recurrent = s.count("net.exc") + s.count("net.inh");
    double synapses = recurrent * (s.count("in.channels") + recurrent + 2);
    double neurons = s.count("in.channels") + recurrent + 2;
    double steps = 0;
    for (String span : SPANS) {
      steps += s.number(span, MILLISECOND) / s.number("sim.dt", MILLISECOND);
    }
    double shown = steps * s.count("train.epochs") * s.count("task.train");
    double state = s.count("train.batch") * neurons * STATE_BYTES;
    return new Cost(
        neurons * shown,
        synapses * shown,
        synapses,
        shown * (neurons * SECONDS_PER_NEURON_STEP + synapses * SECONDS_PER_WEIGHT_STEP)
            + SECONDS_PER_TRIAL,
        Math.min(s.number("train.memory", BYTE), state * steps),
        0);
  }

  @Override
  public List<Conflict> check(Trial trial) {
    Settings s = trial.settings();
    var rules = new Rules(s, "sim.dt");
    SPANS.forEach(rules::multiple);
    double allMs = SPANS.stream().mapToDouble(name -> s.number(name, MILLISECOND)).sum();
    String shown = "the trial of " + Quantity.of(allMs, MILLISECOND);
    TrainingParameters.window(rules, s, allMs, shown, SPANS.toArray(new String[0]));
    TrainingParameters.surrogate(rules, s);
    rules.atMost("neuron.tau_slow_min", "neuron.tau_slow_max", "they are a range");
    double most = s.number("in.peak", HERTZ) + s.number("in.background", HERTZ);
    rules.hold(
        most * s.number("sim.dt", SECOND) <= 1,
        rules.shown("in.peak")
            + " over "
            + rules.shown("in.background")
            + " needs more than one spike per step of "
            + rules.shown("sim.dt")
            + "; lower one of them",
        "in.peak",
        "in.background",
        "sim.dt");
    return rules.broken();
  }

  @Override
  public Outcome run(Trial trial, Recorder recorder) {
    Settings s = trial.settings();
    Conflict.refuse(check(trial));
    Backend backend = Backends.named(trial.backend());
    Design design = WorkingMemoryNetwork.design(s);
    int directions = Math.toIntExact(s.count("task.directions"));
    var samples = new Matching(WorkingMemoryNetwork.tuning(s), directions, counts(s), backend);
    return TrainingRun.of(trial, design, samples, recorder);
  }

  private static Map<Part, Integer> counts(Settings s) {
    return Map.of(
        Part.TRAIN,
        Math.toIntExact(s.count("task.train")),
        Part.VALID,
        Math.toIntExact(s.count("task.valid")),
        Part.TEST,
        Math.toIntExact(s.count("task.tests")));
  }
}

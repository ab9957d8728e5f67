package spindle.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import spindle.backend.Backend;
import spindle.backend.EventLog;
import spindle.model.Network;
import spindle.model.Population;
import spindle.sim.Simulation;
import spindle.task.CobaHh;
import spindle.task.CobaLif;
import spindle.task.Conflict;
import spindle.task.Guards;
import spindle.task.Parameter;
import spindle.task.Recording;
import spindle.task.Settings;
import spindle.task.Task;
import spindle.task.Trial;
import spindle.task.Unit;
import spindle.task.Value;

/**
 * {@code bench coba-lif} and {@code bench coba-hh}: time to simulate a balanced network, cold and
 * warm.
 */
final class BalancedBench {
  static final Set<String> OPTIONS =
      Set.of(
          "neurons",
          "connectivity",
          "weights",
          "duration",
          "dt",
          "delay",
          "delay-max",
          "precision",
          "backend",
          "shape",
          "limit",
          "seed",
          "repeat",
          "storage",
          "threads",
          "dump");

  /** Steps by which the time of all is foreseen. */
  private static final int PROBE = 20;

  private static final List<String> LAWS =
      List.of("fixed-p", "jit", "fixed-out-degree", "fixed-in-degree", "bernoulli");

  private final Options options;
  private final Settings settings;
  private final Network network;
  private final Backend backend;
  private final long seed;
  private int steps;

  /** The COBA-LIF network. */
  static BalancedBench lif(Options options) {
    boolean literal = literal(options);
    var script = Map.of("init.v_std", literal ? "2 mV" : "5 mV"); // as the published script has it
    Settings settings = settings(options, new CobaLif(), script);
    return new BalancedBench(options, settings, CobaLif.network(settings));
  }

  /** The COBA-HH network; the literal form has the conductances of the published script. */
  static BalancedBench hh(Options options) {
    Map<String, String> script =
        literal(options)
            ? Map.of(
                "syn.g_exc", "0.6 nS",
                "syn.g_inh", "6.7 nS",
                "init.g_exc_mean", "0 nS",
                "init.g_exc_std", "0 nS",
                "init.g_inh_mean", "0 nS",
                "init.g_inh_std", "0 nS")
            : Map.of();
    Settings settings = settings(options, new CobaHh(), script);
    return new BalancedBench(options, settings, CobaHh.network(settings));
  }

  private BalancedBench(Options options, Settings settings, Network network) {
    this.options = options;
    this.settings = settings;
    this.network = network;
    this.backend = options.backend();
    this.seed = options.count("seed", 1, 0);
    double ms = settings.number("sim.duration", Unit.MILLISECOND);
    this.steps = (int) Math.round(ms / settings.number("sim.dt", Unit.MILLISECOND));
  }

  private static boolean literal(Options options) {
    return options.text("weights", "canonical").equals("literal");
  }

  private static Settings settings(Options options, Task task, Map<String, String> script) {
    String law = options.text("connectivity", "fixed-p");
    if (!LAWS.contains(law)) {
      throw new IllegalArgumentException(
          "--connectivity: expected one of " + String.join(", ", LAWS) + ", got " + law);
    }
    String storage = options.text("storage", law.equals("jit") ? "regenerated" : "auto");
    if (law.equals("jit") && !storage.equals("regenerated")) {
      throw new IllegalArgumentException(
          "--connectivity jit is fixed-p with --storage regenerated, got --storage "
              + storage
              + "; use --connectivity fixed-p to store synapses");
    }
    var text = new TreeMap<>(script);
    text.put("net.neurons", options.text("neurons", "4000"));
    text.put("net.weights", options.text("weights", "canonical"));
    text.put("sim.duration", options.text("duration", "5 s"));
    text.put("sim.dt", options.text("dt", "0.1 ms"));
    text.put("syn.delay", options.text("delay", "0.1 ms"));
    if (!options.text("delay-max", "").isEmpty()) {
      text.put("syn.delay_law", "uniform");
      text.put("syn.delay_max", options.text("delay-max", ""));
    }
    text.put("sim.precision", options.text("precision", "float32"));
    text.put("net.storage", storage);
    text.put("net.connectivity", Set.of("fixed-p", "jit").contains(law) ? "bernoulli" : law);
    var values = new TreeMap<String, Value>();
    List<Parameter> parameters = task.describe().parameters();
    for (Parameter p : parameters) {
      if (text.containsKey(p.name())) {
        values.put(p.name(), parsed(p, text.get(p.name())));
      }
    }
    Settings settings = Settings.defaults(parameters).with(values);
    Conflict.refuse(
        task.check(new Trial(settings, 1, options.backend().name(), Recording.NONE, Guards.NONE)));
    return settings;
  }

  private static Value parsed(Parameter p, String text) {
    try {
      return Value.parse(p, text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(p.name() + ": " + e.getMessage(), e);
    }
  }

  Network network() {
    return network;
  }

  int steps() {
    return steps;
  }

  Map<String, Object> run() {
    if (options.has("limit")) {
      steps = affordable(options.number("limit", 0));
    }
    int repeats = options.count("repeat", 1, 1);
    var times = new double[repeats];
    double warm = 0;
    Map<String, Object> result = new LinkedHashMap<>();
    for (int r = 0; r < repeats; r++) {
      try (Simulation simulation = new Simulation(network, seed, backend)) {
        if (!simulation.shape().startsWith(wanted())) {
          return misfit(simulation);
        }
        if (r == 0 && !options.text("dump", "").isEmpty()) {
          new NetworkDump(network, seed, steps)
              .write(Path.of(options.text("dump", "")), simulation);
        }
        double first = time(simulation, steps / 2);
        double second = time(simulation, steps - steps / 2);
        times[r] = first + second;
        if (r == 0) {
          warm = second * steps / (steps - steps / 2);
          result = describe(simulation);
        }
      }
    }
    java.util.Arrays.sort(times, 1, repeats);
    double run = repeats == 1 ? warm : times[1 + (repeats - 1) / 2];
    result.put("run_s", run);
    result.put("first_run_s", times[0]);
    // Of the whole network, its neurons included.
    result.put("ns_per_event", run * 1e9 / Math.max(1, (long) result.get("events")));
    return result;
  }

  private static double time(Simulation simulation, int steps) {
    long start = System.nanoTime();
    simulation.run(steps);
    return (System.nanoTime() - start) * 1e-9;
  }

  /** The shape that was asked for, or empty. */
  private String wanted() {
    return options.text("shape", "auto").replace("auto", "");
  }

  private Map<String, Object> misfit(Simulation simulation) {
    var result = new LinkedHashMap<String, Object>();
    result.put("name", network.name());
    result.put("shape", wanted());
    result.put("neurons", network.populations().get(0).size());
    result.put("skipped", "the state does not fit, it would be " + simulation.shape());
    return result;
  }

  /** As many of the steps as take no longer than some seconds, by the time that the first take. */
  private int affordable(double seconds) {
    int some = Math.min(steps, PROBE);
    try (Simulation simulation = new Simulation(network, seed, backend)) {
      simulation.run(some); // loads what the first steps load
      double each = time(simulation, some) / some;
      return (int) Math.max(some, Math.min(steps, seconds / each));
    }
  }

  private Map<String, Object> describe(Simulation simulation) {
    Population cells = network.populations().get(0);
    EventLog spikes = simulation.spikes(cells);
    long synapses = simulation.synapses().values().stream().mapToLong(n -> n).sum();
    var result = new LinkedHashMap<String, Object>();
    result.put("name", network.name());
    result.put("backend", backend.name());
    result.put("device", backend.device());
    if (!simulation.shape().isEmpty()) {
      result.put("shape", simulation.shape());
    }
    result.put("threads", options.count("threads", 1, 1));
    result.put("neurons", cells.size());
    result.put("synapses", synapses);
    result.put("steps", steps);
    result.put("dt_ms", network.dtMs());
    result.put("precision", settings.word("sim.precision"));
    result.put("seed", seed);
    result.put("build_s", simulation.buildSeconds());
    result.put("compile_s", simulation.compileSeconds());
    result.put("spikes", (long) spikes.size());
    result.put("events", simulation.events());
    result.put("rate_hz", spikes.size() / (steps * network.dtMs() * 1e-3 * cells.size()));
    result.put("spike_hash", hash(spikes));
    result.put("held_bytes", simulation.bytes());
    return result;
  }

  /** Equal runs have equal hashes of the step and neuron of every spike. */
  private static String hash(EventLog spikes) {
    var hash = new Fingerprint();
    for (int k = 0; k < spikes.size(); k++) {
      hash.add(spikes.step(k));
      hash.add(spikes.index(k));
    }
    return hash.toString();
  }
}

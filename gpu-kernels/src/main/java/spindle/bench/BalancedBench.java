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
import spindle.sim.Backends;
import spindle.sim.Simulation;
import spindle.task.CobaHh;
import spindle.task.CobaLif;
import spindle.task.Parameter;
import spindle.task.Settings;
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
          "seed",
          "repeat",
          "storage",
          "threads",
          "dump");

  private static final long PRIME = 0x100000001b3L;

  private final Options options;
  private final Settings settings;
  private final Network network;
  private final long seed;
  private final int steps;

  /** The COBA-LIF network. */
  static BalancedBench lif(Options options) {
    boolean literal = literal(options);
    var script = Map.of("init.v_std", literal ? "2 mV" : "5 mV"); // as the published script has it
    Settings settings = settings(options, new CobaLif().describe().parameters(), script);
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
    Settings settings = settings(options, new CobaHh().describe().parameters(), script);
    return new BalancedBench(options, settings, CobaHh.network(settings));
  }

  private BalancedBench(Options options, Settings settings, Network network) {
    this.options = options;
    this.settings = settings;
    this.network = network;
    this.seed = options.count("seed", 1, 0);
    double ms = settings.number("sim.duration", Unit.MILLISECOND);
    this.steps = (int) Math.round(ms / settings.number("sim.dt", Unit.MILLISECOND));
  }

  private static boolean literal(Options options) {
    return options.text("weights", "canonical").equals("literal");
  }

  private static Settings settings(
      Options options, List<Parameter> parameters, Map<String, String> script) {
    String law = options.text("connectivity", "fixed-p");
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
    text.put("net.storage", law.equals("jit") ? "regenerated" : options.text("storage", "auto"));
    text.put("net.connectivity", Set.of("fixed-p", "jit").contains(law) ? "bernoulli" : law);
    var values = new TreeMap<String, Value>();
    for (Parameter p : parameters) {
      if (text.containsKey(p.name())) {
        values.put(p.name(), parsed(p, text.get(p.name())));
      }
    }
    return Settings.defaults(parameters).with(values);
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
    Backend backend =
        Backends.named(options.text("backend", "auto"), options.count("threads", 1, 1));
    int repeats = options.count("repeat", 1, 1);
    var times = new double[repeats];
    double warm = 0;
    Map<String, Object> result = new LinkedHashMap<>();
    for (int r = 0; r < repeats; r++) {
      try (Simulation simulation = new Simulation(network, seed, backend)) {
        if (r == 0 && !options.text("dump", "").isEmpty()) {
          new NetworkDump(network, seed, steps)
              .write(Path.of(options.text("dump", "")), simulation);
        }
        double first = time(simulation, steps / 2);
        double second = time(simulation, steps - steps / 2);
        times[r] = first + second;
        if (r == 0) {
          warm = second * steps / (steps - steps / 2);
          result = describe(simulation, backend);
        }
      }
    }
    java.util.Arrays.sort(times, 1, repeats);
    result.put("run_s", repeats == 1 ? warm : times[1 + (repeats - 1) / 2]);
    result.put("first_run_s", times[0]);
    return result;
  }

  private static double time(Simulation simulation, int steps) {
    long start = System.nanoTime();
    simulation.run(steps);
    return (System.nanoTime() - start) * 1e-9;
  }

  private Map<String, Object> describe(Simulation simulation, Backend backend) {
    Population cells = network.populations().get(0);
    EventLog spikes = simulation.spikes(cells);
    long synapses = simulation.synapses().values().stream().mapToLong(n -> n).sum();
    var result = new LinkedHashMap<String, Object>();
    result.put("name", network.name());
    result.put("backend", backend.name());
    result.put("device", backend.device());
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
    result.put("spike_hash", hex(hash(spikes)));
    result.put("peak_bytes", simulation.bytes());
    return result;
  }

  /** FNV-1a over step and neuron of every spike, little-endian: equal runs have equal hashes. */
  private static long hash(EventLog spikes) {
    long h = 0xcbf29ce484222325L;
    for (int k = 0; k < spikes.size(); k++) {
      h = hash(hash(h, spikes.step(k)), spikes.index(k));
    }
    return h;
  }

  private static long hash(long h, int word) {
    long a = (h ^ (word & 0xff)) * PRIME;
    long b = (a ^ (word >>> 8 & 0xff)) * PRIME;
    long c = (b ^ (word >>> 16 & 0xff)) * PRIME;
    return (c ^ (word >>> 24)) * PRIME;
  }

  /** Sixteen digits; a formatter takes a cold process longer than all the spikes. */
  private static String hex(long h) {
    String digits = Long.toHexString(h);
    return "0".repeat(16 - digits.length()) + digits;
  }
}

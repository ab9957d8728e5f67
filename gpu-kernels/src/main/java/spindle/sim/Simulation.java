package spindle.sim;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.EventLog;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.ir.Program;
import spindle.ir.Variable;
import spindle.model.Assembly;
import spindle.model.Group;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;

/** A network on a backend, at some step. */
public final class Simulation implements AutoCloseable {
  private final Network network;
  private final Program program;
  private final Executable executable;
  private final Map<String, EventLog> logs = new HashMap<>();
  private final double loadSeconds;
  private int step;

  /** Assembles, compiles and initialises a network; every population's spikes are logged. */
  public Simulation(Network network, long seed, Backend backend) {
    long start = System.nanoTime();
    this.network = network;
    Assembly assembly = Assembly.of(network, seed);
    this.program = assembly.step();
    Set<String> spikes =
        network.populations().stream().map(Network::spikes).collect(Collectors.toSet());
    this.executable = backend.load(program, new Arguments(assembly.arguments(), spikes));
    begin(assembly, backend);
    network.populations().forEach(p -> logs.put(p.name(), executable.log(Network.spikes(p))));
    this.loadSeconds = (System.nanoTime() - start) * 1e-9;
  }

  private void begin(Assembly assembly, Backend backend) {
    try {
      executable.restore(Snapshot.after(assembly.initial(), assembly.arguments(), backend));
    } catch (RuntimeException | Error e) {
      discard(e); // nobody has it yet who could
      throw e;
    }
  }

  private void discard(Throwable because) {
    try {
      executable.close();
    } catch (RuntimeException e) {
      because.addSuppressed(e);
    }
  }

  /** The network. */
  public Network network() {
    return network;
  }

  /** SHA-256 of the programs that run, by name. */
  public Map<String, String> kernels() {
    return Map.of(program.name(), program.hash());
  }

  /** Number of steps done. */
  public int step() {
    return step;
  }

  /** Runs steps. */
  public void run(int steps) {
    executable.run(step, steps);
    step = Math.addExact(step, steps);
  }

  /** The spikes of a population since {@link #forgetSpikes}. */
  public EventLog spikes(Population population) {
    return logs.get(population.name());
  }

  /** Clears the spike logs. */
  public void forgetSpikes() {
    for (EventLog log : logs.values()) {
      log.clear();
    }
  }

  /** Copies a state variable of some neurons of a group. */
  public void read(Group group, String state, int[] neurons, double[] out) {
    int[] places = IntStream.of(neurons).map(i -> i + group.from()).toArray();
    executable.read(Network.variable(group.population(), state), places, out);
  }

  /**
   * The first state that is NaN or infinite, as text, or empty.
   *
   * @param groups the names by which users know the neurons
   */
  public String nonFinite(List<Group> groups) {
    List<Variable> variables = program.variables();
    for (int n = 0; n < variables.size(); n++) { // without an iterator, which would be an object
      Variable v = variables.get(n);
      if (v.type().dtype().isFloat()) {
        int i = executable.firstNonFinite(v.name());
        if (i >= 0) {
          String population = v.name().substring(0, v.name().indexOf('.'));
          String state = v.name().substring(population.length() + 1);
          return state + " of " + name(groups, population, i);
        }
      }
    }
    return "";
  }

  private static String name(List<Group> groups, String population, int i) {
    for (Group g : groups) {
      if (g.population().name().equals(population) && i >= g.from() && i < g.to()) {
        return g.name() + " neuron " + (i - g.from());
      }
    }
    return population + " neuron " + i;
  }

  /** Number of synapses per projection. */
  public Map<String, Long> synapses() {
    var counts = new LinkedHashMap<String, Long>();
    for (Projection p : network.projections()) {
      counts.put(p.name(), executable.synapses(p.name()));
    }
    return counts;
  }

  /** Number of synapses that the logged spikes reach, whether or not they have arrived yet. */
  public long events() {
    long events = 0;
    for (Projection p : network.projections()) {
      int[] degrees = executable.outDegrees(p.name());
      EventLog log = spikes(p.pre().population());
      for (int k = 0; k < log.size(); k++) {
        int i = log.index(k) - p.pre().from();
        events += i >= 0 && i < degrees.length ? degrees[i] : 0;
      }
    }
    return events;
  }

  /** Seconds spent compiling. */
  public double compileSeconds() {
    return executable.compileSeconds();
  }

  /** Seconds spent on everything else before the first step: connectivity and initial state. */
  public double buildSeconds() {
    return loadSeconds - compileSeconds();
  }

  /** How it is spread over its device; empty where there is only one way. */
  public String shape() {
    return executable.shape();
  }

  /** Memory of state and connectivity [B]. */
  public long bytes() {
    return executable.bytes();
  }

  @Override
  public void close() {
    executable.close();
  }
}

package spindle.bench;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import spindle.backend.Backend;
import spindle.backend.Snapshot;
import spindle.grad.Inputs;
import spindle.grad.surrogate.Arctan;
import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.model.Assembly;
import spindle.model.Network;
import spindle.sim.Backends;
import spindle.sim.Simulation;
import spindle.task.CobaLif;
import spindle.task.Settings;
import spindle.task.Value;
import spindle.train.bptt.Bptt;
import spindle.train.bptt.Checkpoints;
import spindle.train.bptt.Episode;

/**
 * Memory of back propagation through many steps of the COBA-LIF network: the gradient of the mean
 * number of spikes by four conductances and time constants, with about 2 sqrt(steps) states kept.
 *
 * <p>The gradient itself grows beyond all floats on the way, as the network is chaotic; it is not
 * told.
 */
final class BpttMemoryBench {
  static final Set<String> OPTIONS = Set.of("neurons", "steps", "every", "backend", "seed");

  private static final Set<String> LEARNED =
      Set.of("exc.weight", "inh.weight", "cells.g_exc.tau", "cells.g_inh.tau");

  private static final String COUNT = "count";

  private final int steps;
  private final Checkpoints checkpoints;
  private final Network network;
  private final Backend backend;
  private final long seed;

  BpttMemoryBench(Options options) {
    this.steps = options.count("steps", 10_000, 1);
    int every = options.count("every", 0, 0);
    this.checkpoints = every == 0 ? Checkpoints.root(steps) : new Checkpoints(steps, every);
    this.backend = Backends.named(options.text("backend", "auto"));
    this.seed = options.count("seed", 1, 0);
    var parameters = new CobaLif().describe().parameters();
    var values = new HashMap<String, Value>();
    parameters.stream()
        .filter(p -> p.name().equals("net.neurons"))
        .forEach(p -> values.put(p.name(), Value.parse(p, options.text("neurons", "4000"))));
    this.network = CobaLif.network(Settings.defaults(parameters).with(values));
  }

  Map<String, Object> run() {
    try (var simulation = new Simulation(network, seed, backend)) {
      simulation.run(1);
      long alone = used();
      return run(alone);
    }
  }

  private Map<String, Object> run(long alone) {
    Assembly assembly = Assembly.of(network, seed, form());
    var episode = new Episode(assembly.step(), loss(), steps);
    var plan = new Bptt.Plan(new Inputs(learned(assembly), Set.of()), checkpoints);
    try (var bptt = new Bptt(episode, plan, assembly.arguments(), backend)) {
      initialise(bptt, assembly);
      long start = System.nanoTime();
      double loss = bptt.run(0);
      double seconds = (System.nanoTime() - start) * 1e-9;
      long with = used();
      var line = new LinkedHashMap<String, Object>();
      line.put("name", "bptt-memory");
      line.put("backend", backend.name());
      line.put("device", backend.device());
      line.put("jdk", Runtime.version().feature());
      line.put("neurons", network.populations().stream().mapToInt(p -> p.size()).sum());
      line.put("steps", steps);
      line.put("states", checkpoints.states());
      line.put("checkpoint_bytes", bptt.checkpointBytes());
      line.put("held_bytes", bptt.bytes());
      line.put("heap_beyond_network_bytes", with - alone);
      line.put("run_s", seconds);
      line.put("rate_hz", loss / (steps * network.dtMs() * 1e-3));
      return line;
    }
  }

  /** Of the parameters to learn, those that this network has. */
  private static Set<String> learned(Assembly assembly) {
    var names = new TreeSet<>(LEARNED);
    names.retainAll(assembly.arguments().keySet());
    return names;
  }

  private Assembly.Form form() {
    // Potentials are in mV; a width of 1 mV is a tenth of the way from rest to threshold.
    return new Assembly.Form(1, new Arctan()::spike, LEARNED, Map.of(), this::count);
  }

  private void count(Trace step, Map<String, Expr> spikes) {
    Expr sum = step.load(step.declare(Variable.of(COUNT, Type.scalar(DType.F32))).name());
    for (var p : network.populations()) {
      sum = sum.plus(step.sum(spikes.get(p.name())).over(p.size()));
    }
    step.store(COUNT, sum);
  }

  private static Program loss() {
    var trace = new Trace("mean spikes");
    Expr count = trace.load(trace.declare(Variable.of(COUNT, Type.scalar(DType.F32))).name());
    trace.declare(Variable.of(Episode.LOSS, count.type()));
    trace.store(Episode.LOSS, count.times(1));
    return trace.finish();
  }

  private void initialise(Bptt bptt, Assembly assembly) {
    bptt.write(Snapshot.after(assembly.initial(), assembly.arguments(), backend));
    for (String q : learned(assembly)) {
      bptt.write(q, new double[] {assembly.arguments().get(q)});
    }
  }

  /** Heap in use after collection [B]. */
  private static long used() {
    Runtime r = Runtime.getRuntime();
    for (int k = 0; k < 3; k++) {
      System.gc();
    }
    return r.totalMemory() - r.freeMemory();
  }
}

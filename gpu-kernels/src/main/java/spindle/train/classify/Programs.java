package spindle.train.classify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import spindle.backend.Backend;
import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.model.Assembly;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.sim.Synapses;
import spindle.train.Batch;
import spindle.train.bptt.Episode;
import spindle.train.loss.CrossEntropy;

/**
 * The programs of a design.
 *
 * @param initial sets the initial state
 * @param episode step and loss
 * @param arguments values of all parameters
 * @param synapses number of synapses of learned projections
 */
record Programs(
    Program initial,
    Episode episode,
    Map<String, Double> arguments,
    Map<String, Integer> synapses) {
  static final String SCORE = "score";
  static final String LABEL = "label";
  static final String PRESENT = "present";
  private static final String COUNT = ".count";

  static Programs of(Design design, long seed, Backend backend) {
    Map<String, Integer> synapses = synapses(design, seed, backend);
    var form =
        new Assembly.Form(
            design.members(),
            above -> design.spikes().of(above),
            design.parameters(),
            synapses,
            (step, spikes) -> observe(design, step, spikes));
    Assembly assembly = Assembly.of(design.network(), seed, form);
    var arguments = new HashMap<>(assembly.arguments());
    arguments.putAll(Stimulus.arguments(seed));
    var episode = new Episode(assembly.step(), loss(design), design.steps());
    return new Programs(assembly.initial(), episode, arguments, synapses);
  }

  private static Map<String, Integer> synapses(Design design, long seed, Backend backend) {
    var synapses = new TreeMap<String, Integer>();
    for (String name : design.weights().keySet()) {
      synapses.put(name, count(design.projection(name), seed, backend));
    }
    return synapses;
  }

  private static int count(Projection q, long seed, Backend backend) {
    Rows rows = q.connectivity().rows(q.name(), q.storage());
    Map<String, Double> arguments = q.connectivity().arguments(q.name(), seed);
    return Math.toIntExact(Synapses.count(rows, arguments, backend));
  }

  /** Variable with the spikes of each hidden neuron so far. */
  static String count(Population p) {
    return p.name() + COUNT;
  }

  /** The populations between input and output. */
  static List<Population> hidden(Design design) {
    List<Population> all = design.network().populations();
    return all.subList(1, all.size() - 1);
  }

  private static Type vector(Design design, int size) {
    return Type.vector(design.network().precision(), Math.multiplyExact(size, design.members()));
  }

  private static void observe(Design design, Trace step, Map<String, Expr> spikes) {
    for (Population p : hidden(design)) {
      Expr z = spikes.get(p.name());
      Expr v = step.next(Network.variable(p, "v"));
      add(step, count(p), z);
      for (int k = 0; k < design.loss().penalties().size(); k++) {
        add(step, penalty(p, k), design.loss().penalties().get(k).each(z, v));
      }
    }
    Population out = design.output();
    Expr v = step.next(Network.variable(out, "v"));
    Expr score = load(step, SCORE, vector(design, out.size()));
    int from = design.loss().from();
    Expr next = design.loss().readout().next(score, v, design.steps() - from);
    Expr on = step.time().as(v.type().dtype()).minus(from).heaviside();
    step.store(SCORE, from == 0 ? next : on.blend(next, score));
  }

  private static void add(Trace step, String sum, Expr x) {
    step.store(sum, load(step, sum, x.type()).plus(x));
  }

  private static String penalty(Population p, int k) {
    return p.name() + ".penalty" + k;
  }

  private static Expr load(Trace trace, String name, Type type) {
    return trace.load(trace.declare(Variable.of(name, type)).name());
  }

  private static Program loss(Design design) {
    var trace = new Trace(design.network().name() + " loss");
    var batch = new Batch(trace, design.members());
    Expr score = load(trace, SCORE, vector(design, design.output().size()));
    Expr label = load(trace, LABEL, Type.vector(DType.I32, design.members()));
    Expr present = load(trace, PRESENT, vector(design, 1));
    Expr loss = batch.mean(new CrossEntropy().perMember(batch, score, label), present);
    for (Expr penalty : penalties(design, batch)) {
      loss = loss.plus(penalty);
    }
    trace.declare(Variable.of(Episode.LOSS, loss.type()));
    trace.store(Episode.LOSS, loss);
    return trace.finish();
  }

  private static List<Expr> penalties(Design design, Batch batch) {
    var penalties = new ArrayList<Expr>();
    for (Population p : hidden(design)) {
      for (int k = 0; k < design.loss().penalties().size(); k++) {
        Design.Penalty penalty = design.loss().penalties().get(k);
        Expr sum = load(batch.trace(), penalty(p, k), vector(design, p.size()));
        Expr mean = sum.over(design.steps());
        penalties.add(penalty.regulariser().of(batch, mean).times(penalty.factor()));
      }
    }
    return penalties;
  }
}

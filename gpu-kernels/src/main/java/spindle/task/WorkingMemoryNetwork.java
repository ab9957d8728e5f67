package spindle.task;

import static spindle.task.Unit.HERTZ;
import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.MILLIVOLT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.connect.AllToAll;
import spindle.connect.Connectivity;
import spindle.connect.Csr;
import spindle.ir.Rows;
import spindle.model.Network;
import spindle.model.Neuron;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.model.Receptor;
import spindle.model.neuron.GeneralizedIf;
import spindle.model.neuron.LeakyIntegrator;
import spindle.model.synapse.Cuba;
import spindle.model.synapse.Delta;
import spindle.model.synapse.Exponential;
import spindle.train.classify.Design;
import spindle.train.classify.Directions;
import spindle.train.classify.Readout;
import spindle.train.encode.Tuning;
import spindle.train.initial.VarianceScaling;
import spindle.train.loss.Voltage;

/** The working-memory network: channels, excitatory and inhibitory neurons, two scores. */
final class WorkingMemoryNetwork {
  private static final int CLASSES = 2;

  private final Settings s;
  private final Population in;
  private final Population exc;
  private final Population inh;
  private final Population out;

  /** Projections and how their weights start. */
  private final Map<Projection, Design.Weights> projections = new LinkedHashMap<>();

  private WorkingMemoryNetwork(Settings s) {
    this.s = s;
    int channels = count("in.channels");
    var directions = new Directions(times(s), tuning(s).backgroundHz(), count("train.batch"), dt());
    this.in = new Population("in", channels, directions, List.of());
    this.exc = new Population("E", count("net.exc"), neuron(0), List.of());
    double afterSpike = s.number("neuron.a_fast", MILLIVOLT);
    this.inh = new Population("I", count("net.inh"), neuron(afterSpike), List.of());
    this.out = new Population("out", CLASSES, readout(), List.of());
    connect();
  }

  static Design design(Settings s) {
    return new WorkingMemoryNetwork(s).design();
  }

  static Tuning tuning(Settings s) {
    return new Tuning(
        Math.toIntExact(s.count("in.channels")),
        s.number("in.kappa"),
        s.number("in.peak", HERTZ),
        s.number("in.background", HERTZ));
  }

  static Directions.Times times(Settings s) {
    return new Directions.Times(
        TrainingParameters.steps(s, "task.fixation"),
        TrainingParameters.steps(s, "task.sample"),
        TrainingParameters.steps(s, "task.delay"),
        TrainingParameters.steps(s, "task.test"));
  }

  private int count(String name) {
    return Math.toIntExact(s.count(name));
  }

  private double dt() {
    return s.number("sim.dt", MILLISECOND);
  }

  private Neuron neuron(double afterSpike) {
    return new GeneralizedIf(
        s.number("neuron.tau_m", MILLISECOND),
        s.number("neuron.v_th", MILLIVOLT),
        new GeneralizedIf.Fast(s.number("neuron.tau_fast", MILLISECOND), afterSpike),
        new GeneralizedIf.Slow(
            s.number("neuron.tau_slow_min", MILLISECOND),
            s.number("neuron.tau_slow_max", MILLISECOND),
            s.number("neuron.a_slow", MILLIVOLT)));
  }

  private Neuron readout() {
    return new LeakyIntegrator(s.number("neuron.tau_out", MILLISECOND));
  }

  /** Excitatory weights start at a quarter, as there are four times as many (in the default). */
  private void connect() {
    double gain = s.number("net.gain");
    double neurons = exc.size() + inh.size();
    for (Population post : List.of(exc, inh)) {
      add(in, post, 1, Design.Weights.free(scaled(gain)));
      double excitatory = gain * exc.size() / neurons / 16;
      add(exc, post, 1, new Design.Weights(scaled(excitatory), 0));
      add(inh, post, -1, new Design.Weights(scaled(gain * inh.size() / neurons), 0));
    }
    // One spike moves a readout by its weight, however long the readout remembers.
    double kick = -1 / StrictMath.expm1(-dt() / s.number("neuron.tau_out", MILLISECOND));
    for (Population pre : List.of(exc, inh)) {
      add(pre, out, kick, Design.Weights.free(scaled(gain * pre.size() / neurons)));
    }
  }

  /** Fans are those of a projection; the published ones are of all presynaptic neurons. */
  private static VarianceScaling scaled(double gain) {
    return VarianceScaling.kaiming(VarianceScaling.Law.NORMAL).withScale(gain);
  }

  private void add(Population pre, Population post, double weight, Design.Weights start) {
    var receptor =
        post.name().equals("out")
            ? new Receptor("i", new Delta(), new Cuba())
            : new Receptor("i", new Exponential(s.number("syn.tau", MILLISECOND)), new Cuba());
    boolean own = pre.name().equals(post.name());
    Connectivity law = own ? others(pre.size()) : new AllToAll(pre.size(), post.size());
    String name = pre.name() + "-" + post.name();
    projections.put(
        new Projection(name, pre.all(), post, receptor, law, Rows.Storage.AUTO, weight, 0), start);
  }

  /** All to all but itself. */
  private static Connectivity others(int n) {
    var indptr = new int[n + 1];
    var indices = new int[Math.multiplyExact(n, Math.max(0, n - 1))];
    for (int i = 0; i < n; i++) {
      indptr[i + 1] = indptr[i] + n - 1;
      for (int k = 0; k < n - 1; k++) {
        indices[indptr[i] + k] = k < i ? k : k + 1;
      }
    }
    return Csr.of(n, indptr, indices);
  }

  private Design design() {
    var network =
        new Network(
            "working-memory",
            List.of(in, exc, inh, out),
            List.copyOf(projections.keySet()),
            dt(),
            BalancedNetwork.precision(s));
    var weights = new LinkedHashMap<String, Design.Weights>();
    projections.forEach((q, start) -> weights.put(q.name(), start));
    Directions.Times times = times(s);
    return new Design(
        network,
        count("train.batch"),
        times.all(),
        weights,
        Set.of(),
        TrainingParameters.spikes(s),
        new Design.Objective(Readout.MEAN, times.testFrom(), penalties()));
  }

  private List<Design.Penalty> penalties() {
    var penalties = new ArrayList<>(TrainingParameters.ratePenalty(s));
    double voltage = s.number("loss.voltage");
    if (voltage > 0) {
      double threshold = s.number("neuron.v_th", MILLIVOLT);
      penalties.add(Design.Penalty.onPotentials(voltage, new Voltage(), threshold));
    }
    return penalties;
  }
}

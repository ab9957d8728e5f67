package spindle.task;

import static spindle.task.Unit.HERTZ;
import static spindle.task.Unit.MILLISECOND;
import static spindle.task.Unit.MILLIVOLT;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import spindle.connect.AllToAll;
import spindle.connect.Bernoulli;
import spindle.connect.Connectivity;
import spindle.ir.DType;
import spindle.ir.Rows;
import spindle.model.Initial;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.model.Receptor;
import spindle.model.neuron.LeakyIntegrator;
import spindle.model.neuron.Lif;
import spindle.model.synapse.Cuba;
import spindle.model.synapse.Exponential;
import spindle.train.classify.Design;
import spindle.train.classify.Encoded;
import spindle.train.classify.Readout;
import spindle.train.encode.Encoder;
import spindle.train.encode.Latency;
import spindle.train.encode.Poisson;
import spindle.train.initial.Initializer;
import spindle.train.initial.VarianceScaling;

/** The network of the spiking classifier: stimulus, hidden neurons, outputs. */
final class SnnNetwork {
  private static final int CLASSES = 10;

  private SnnNetwork() {}

  static Design design(Settings s) {
    Network network = network(s);
    var scaling = VarianceScaling.kaiming(VarianceScaling.Law.TRUNCATED_NORMAL);
    Initializer start = scaling.withScale(s.number("net.gain"));
    var weights = new HashMap<String, Design.Weights>();
    network.projections().forEach(q -> weights.put(q.name(), Design.Weights.free(start)));
    return new Design(
        network,
        Math.toIntExact(s.count("train.batch")),
        TrainingParameters.steps(s, "sim.duration"),
        weights,
        learned(s),
        TrainingParameters.spikes(s),
        new Design.Objective(
            s.word("loss.readout").equals("max") ? Readout.MAX : Readout.MEAN,
            0,
            TrainingParameters.ratePenalty(s)));
  }

  private static Set<String> learned(Settings s) {
    var names = new HashSet<String>();
    if (s.word("learn.tau").equals("yes")) {
      names.addAll(List.of("hidden.tau", "hidden.i.tau", "out.tau", "out.i.tau"));
    }
    if (s.word("learn.threshold").equals("yes")) {
      names.add("hidden.v_threshold");
    }
    return names;
  }

  static Network network(Settings s) {
    double dtMs = s.number("sim.dt", MILLISECOND);
    int pixels = ImageSet.rows(s) * ImageSet.rows(s);
    var in = new Population("in", pixels, stimulus(s), List.of());
    var lif =
        new Lif(
            s.number("neuron.tau_m", MILLISECOND),
            0,
            s.number("neuron.v_th", MILLIVOLT),
            0,
            0,
            new Initial.Constant(0));
    int hiddenSize = Math.toIntExact(s.count("net.hidden"));
    var hidden = new Population("hidden", hiddenSize, lif, List.of());
    var integrator = new LeakyIntegrator(s.number("neuron.tau_out", MILLISECOND));
    var out = new Population("out", CLASSES, integrator, List.of());
    var projections =
        new ArrayList<>(List.of(projection(s, in, hidden), projection(s, hidden, out)));
    if (s.word("net.recurrent").equals("yes")) {
      projections.add(projection(s, hidden, hidden));
    }
    DType precision = BalancedNetwork.precision(s);
    return new Network("snn-classifier", List.of(in, hidden, out), projections, dtMs, precision);
  }

  static Encoded stimulus(Settings s) {
    int members = Math.toIntExact(s.count("train.batch"));
    return new Encoded(encoder(s), members, s.number("sim.dt", MILLISECOND));
  }

  private static Encoder encoder(Settings s) {
    return s.word("code.kind").equals("latency")
        ? new Latency(
            Latency.Law.LOGARITHMIC, s.number("code.tau", MILLISECOND), s.number("code.threshold"))
        : new Poisson(s.number("code.rate", HERTZ));
  }

  private static Projection projection(Settings s, Population pre, Population post) {
    double p = s.number("net.p");
    Connectivity law =
        p == 1 ? new AllToAll(pre.size(), post.size()) : new Bernoulli(pre.size(), post.size(), p);
    var receptor = new Receptor("i", new Exponential(s.number("syn.tau", MILLISECOND)), new Cuba());
    String name = pre.name() + "-" + post.name();
    return new Projection(name, pre.all(), post, receptor, law, Rows.Storage.AUTO, 1, 0);
  }
}

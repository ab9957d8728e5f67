package spindle.bench;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.backend.Backend;
import spindle.connect.AllToAll;
import spindle.grad.surrogate.Surrogates;
import spindle.ir.DType;
import spindle.ir.Key;
import spindle.ir.Rows;
import spindle.model.Initial;
import spindle.model.Input;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.model.Receptor;
import spindle.model.neuron.LeakyIntegrator;
import spindle.model.neuron.Lif;
import spindle.model.synapse.Cuba;
import spindle.model.synapse.Delta;
import spindle.sim.Backends;
import spindle.train.classify.Classifier;
import spindle.train.classify.Design;
import spindle.train.classify.Encoded;
import spindle.train.classify.Readout;
import spindle.train.classify.ShownImages;
import spindle.train.data.Images;
import spindle.train.encode.Latency;
import spindle.train.initial.Normal;
import spindle.train.initial.Shape;
import spindle.train.initial.Uniform;
import spindle.train.loop.Minibatch;
import spindle.train.loop.Parameter;
import spindle.train.loop.Part;
import spindle.train.loop.Trainee;

/**
 * Times back propagation through time on one minibatch, again and again, with plain descent
 * between: 100 inputs, 256 recurrent LIF neurons, 10 leaky outputs, 100 steps, a batch of 64.
 *
 * <pre>
 *   v = v + a (W_in x' + W_rec s' - v),  s = v &gt;= 1,  v = 0 where s      x', s' of the step before
 *   y = y + a (W_out s' - y),            loss = cross entropy of the mean of y over the steps
 * </pre>
 *
 * <p>a = 1 - exp(-1 / 10); the derivative of s is that of the arc tangent over a width of 0.5.
 * Every input spikes once, at a step of its own.
 */
final class BpttBench {
  static final Set<String> OPTIONS =
      Set.of(
          "inputs",
          "hidden",
          "steps",
          "batch",
          "surrogate",
          "rate",
          "gain",
          "warm",
          "rounds",
          "iterations",
          "backend",
          "seed",
          "dump");

  private static final int OUTPUTS = 10;
  private static final double TAU = 10;

  private final int inputs;
  private final int hidden;
  private final int steps;
  private final int batch;
  private final Options options;
  private final Backend backend;
  private final long seed;

  BpttBench(Options options) {
    this.options = options;
    this.inputs = options.count("inputs", 100, 1);
    this.hidden = options.count("hidden", 256, 1);
    this.steps = options.count("steps", 100, 1);
    this.batch = options.count("batch", 64, 1);
    this.backend = Backends.named(options.text("backend", "auto"));
    this.seed = options.count("seed", 1, 0);
    if (steps > 255) {
      throw new IllegalArgumentException(
          "--steps takes at most 255, as each is a grey level; got " + steps);
    }
  }

  Map<String, Object> run() {
    long start = System.nanoTime();
    var samples = new ShownImages(images(), stimulus(), backend);
    var memory = new Classifier.Memory(steps, Long.MAX_VALUE);
    try (var classifier = new Classifier(design(), samples, memory, seed, backend)) {
      double buildS = (System.nanoTime() - start) * 1e-9;
      if (!options.text("dump", "").isEmpty()) {
        dump(classifier, Path.of(options.text("dump", "")));
      }
      return measure(new Descending(classifier, options.number("rate", 0.01)), buildS);
    }
  }

  private Map<String, Object> measure(Descending descent, double buildS) {
    var losses = new ArrayList<Double>();
    Map<String, Double> first = descent.iterate();
    losses.add(first.get(Trainee.LOSS));
    long warmUntil = System.nanoTime() + (long) (options.number("warm", 3) * 1e9);
    while (System.nanoTime() < warmUntil) {
      losses.add(descent.iterate().get(Trainee.LOSS));
    }
    int rounds = options.count("rounds", 5, 1);
    int iterations = options.count("iterations", 20, 1);
    var ms = new double[rounds];
    Map<String, Double> last = first;
    for (int r = 0; r < rounds; r++) {
      long begin = System.nanoTime();
      for (int k = 0; k < iterations; k++) {
        last = descent.iterate();
        losses.add(last.get(Trainee.LOSS));
      }
      ms[r] = (System.nanoTime() - begin) * 1e-6 / iterations;
    }
    Arrays.sort(ms);
    return line(descent, first, last, losses, ms, buildS);
  }

  private Map<String, Object> line(
      Descending descent,
      Map<String, Double> first,
      Map<String, Double> last,
      List<Double> losses,
      double[] ms,
      double buildS) {
    var line = new LinkedHashMap<String, Object>();
    line.put("name", "bptt");
    line.put("system", "spindle");
    line.put("backend", backend.name());
    line.put("device", backend.device());
    line.put("jdk", Runtime.version().feature());
    line.put("neurons", inputs + hidden + OUTPUTS);
    line.put("synapses", descent.trainee.size());
    line.put("steps", steps);
    line.put("batch", batch);
    line.put("dt_ms", 1.0);
    line.put("precision", "float32");
    line.put("surrogate", options.text("surrogate", "arctan"));
    double perNeuron = (double) hidden * steps;
    line.put("density_first", first.get(Classifier.SPIKES) / perNeuron);
    line.put("density_last", last.get(Classifier.SPIKES) / perNeuron);
    line.put("rate_hz", 1000 * last.get(Classifier.SPIKES) / perNeuron);
    line.put("build_s", buildS);
    line.put("iteration_ms", ms[ms.length / 2]);
    line.put("iteration_ms_min", ms[0]);
    line.put("iteration_ms_max", ms[ms.length - 1]);
    line.put("iterations", losses.size());
    line.put("losses", losses.subList(0, Math.min(5, losses.size())));
    line.put("held_bytes", descent.trainee.bytes());
    return line;
  }

  /** Plain gradient descent on one minibatch. */
  private final class Descending {
    private final Classifier trainee;
    private final double rate;
    private final Map<String, double[]> values = new LinkedHashMap<>();
    private final Minibatch minibatch;

    Descending(Classifier trainee, double rate) {
      this.trainee = trainee;
      this.rate = rate;
      trainee.parameters().forEach(p -> values.put(p.variable().name(), p.initial().clone()));
      var samples = new int[batch];
      Arrays.setAll(samples, b -> b);
      this.minibatch = new Minibatch(Part.TRAIN, samples, 0);
    }

    Map<String, Double> iterate() {
      Map<String, Double> means = trainee.run(minibatch, true);
      values.forEach(
          (name, w) -> {
            double[] g = trainee.gradient(name);
            for (int i = 0; i < w.length; i++) {
              w[i] = (float) (w[i] - rate * g[i]);
            }
            trainee.set(name, w);
          });
      return means;
    }
  }

  /** Grey level g spikes at step 255 - g; the half step keeps its time off whole numbers. */
  private Encoded stimulus() {
    return new Encoded(new Latency(Latency.Law.LINEAR, 255.5, 0), batch, 1);
  }

  private Design design() {
    var none = List.<Input>of();
    var in = new Population("in", inputs, stimulus(), none);
    var lif = new Lif(TAU, 0, 1, 0, 0, new Initial.Constant(0));
    var recurrent = new Population("hidden", hidden, lif, none);
    var out = new Population("out", OUTPUTS, new LeakyIntegrator(TAU), none);
    var projections =
        List.of(
            projection(in, recurrent),
            projection(recurrent, recurrent),
            projection(recurrent, out));
    var network = new Network("bptt", List.of(in, recurrent, out), projections, 1, DType.F32);
    double gain = options.number("gain", 4);
    var fromHidden = Design.Weights.free(new Normal(0, gain / Math.sqrt(hidden)));
    Map<String, Design.Weights> weights =
        Map.of(
            "in-hidden", Design.Weights.free(new Normal(0, gain / Math.sqrt(inputs) * 10)),
            "hidden-hidden", fromHidden,
            "hidden-out", fromHidden);
    var spikes = new Design.Spikes(Surrogates.of(options.text("surrogate", "arctan")), 0.5);
    var loss = new Design.Objective(Readout.MEAN, 0, List.of());
    return new Design(network, batch, steps, weights, Set.of(), spikes, loss);
  }

  private static Projection projection(Population pre, Population post) {
    var receptor = new Receptor("i", new Delta(), new Cuba());
    var law = new AllToAll(pre.size(), post.size());
    String name = pre.name() + "-" + post.name();
    return new Projection(name, pre.all(), post, receptor, law, Rows.Storage.AUTO, 1, 0);
  }

  /** Stimuli of one row of pixels, each of which spikes at a step drawn from all. */
  private Map<Part, Images> images() {
    double[] u = new Uniform(0, 1).values(Shape.vector(batch * inputs), Key.of(seed, "images"));
    var pixels = new byte[batch * inputs];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (255 - (int) Math.min(steps - 1, Math.floor(u[i] * steps)));
    }
    var labels = new byte[batch];
    for (int b = 0; b < batch; b++) {
      labels[b] = (byte) (b % OUTPUTS);
    }
    return Map.of(Part.TRAIN, new Images(1, inputs, OUTPUTS, pixels, labels));
  }

  /** For the peers: sizes, steps of the input spikes, labels, then weights; little-endian. */
  private void dump(Classifier classifier, Path file) {
    try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int n : new int[] {inputs, hidden, OUTPUTS, steps, batch}) {
        out.writeInt(Integer.reverseBytes(n));
      }
      Images images = images().get(Part.TRAIN);
      for (byte p : images.pixels()) {
        out.writeInt(Integer.reverseBytes(255 - (p & 0xff)));
      }
      for (byte l : images.labels()) {
        out.writeInt(Integer.reverseBytes(l));
      }
      for (String name :
          List.of("in-hidden.weights", "hidden-hidden.weights", "hidden-out.weights")) {
        for (Parameter p : classifier.parameters()) {
          for (int i = 0; p.variable().name().equals(name) && i < p.initial().length; i++) {
            out.writeInt(Integer.reverseBytes(Float.floatToIntBits((float) p.initial()[i])));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}

package spindle.train.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import spindle.backend.Backend;
import spindle.backend.Snapshot;
import spindle.grad.Inputs;
import spindle.ir.Variable;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.train.bptt.Bptt;
import spindle.train.bptt.Checkpoints;
import spindle.train.bptt.OverBudgetException;
import spindle.train.initial.Shape;
import spindle.train.loop.Minibatch;
import spindle.train.loop.Parameter;
import spindle.train.loop.Part;
import spindle.train.loop.Trainee;

/**
 * A spiking network in front of stimuli, trained by back propagation through time.
 *
 * <p>Its metrics: {@code loss}; {@code accuracy}, the share of samples whose class has the largest
 * score, the first of equal ones; {@code spikes_per_inference}, of all hidden neurons.
 */
public final class Classifier implements Trainee, AutoCloseable {
  public static final String ACCURACY = "accuracy";
  public static final String SPIKES = "spikes_per_inference";

  /** Learned parameters stay within these multiples of their values. */
  private static final double LEAST = 0.1;

  private static final double MOST = 10;

  private final Design design;
  private final Samples samples;
  private final Programs programs;
  private final Bptt bptt;
  private final List<Parameter> parameters = new ArrayList<>();

  /**
   * How gradients are computed.
   *
   * @param window steps that they reach back
   * @param bytes memory for the states of a window [B]
   * @param beyond what is known of the steps before; traces are of one member
   */
  public record Memory(int window, long bytes, Bptt.Beyond beyond) {
    /** Gradients that know nothing of what was before a window. */
    public Memory(int window, long bytes) {
      this(window, bytes, Bptt.Beyond.NOTHING);
    }
  }

  /**
   * Builds, compiles and initialises.
   *
   * @param samples of the network's stimulus
   * @throws OverBudgetException if the memory is too small for the states of a window
   */
  public Classifier(Design design, Samples samples, Memory memory, long seed, Backend backend) {
    this.design = design;
    this.samples = samples;
    this.programs = Programs.of(design, seed, backend);
    programs.synapses().forEach((name, n) -> parameters.add(weights(name, n, seed)));
    design.parameters().stream().sorted().forEach(p -> parameters.add(relative(p)));
    Set<String> by = new HashSet<>();
    parameters.forEach(p -> by.add(p.variable().name()));
    var inputs = new Inputs(by, Set.of());
    Checkpoints kept = Bptt.within(programs.episode(), inputs, memory.window(), memory.bytes());
    var plan = new Bptt.Plan(inputs, kept, memory.beyond());
    this.bptt = new Bptt(programs.episode(), plan, programs.arguments(), backend);
    initialise(backend);
  }

  private Parameter weights(String projection, int synapses, long seed) {
    Projection q = design.projection(projection);
    var shape = Shape.sparse(synapses, q.pre().size(), q.post().size());
    Variable v = variable(Network.weights(q));
    return design.weights().get(projection).parameter(v, shape, seed);
  }

  /** In units of its value, so that one learning rate suits what is in ms and what is in mV. */
  private Parameter relative(String name) {
    return new Parameter(variable(name), new double[] {1}, LEAST, MOST);
  }

  private Variable variable(String name) {
    return programs.episode().step().variable(name);
  }

  private void initialise(Backend backend) {
    bptt.write(Snapshot.after(programs.initial(), programs.arguments(), backend));
    var start = new double[variable(Programs.SCORE).type().size()];
    Arrays.fill(start, design.loss().readout().start());
    bptt.write(Programs.SCORE, start);
    parameters.forEach(p -> set(p.variable().name(), p.initial()));
  }

  @Override
  public List<Parameter> parameters() {
    return List.copyOf(parameters);
  }

  @Override
  public void set(String parameter, double[] values) {
    bptt.write(parameter, scaled(parameter, values));
  }

  @Override
  public double[] gradient(String parameter) {
    return scaled(parameter, bptt.byVariable(parameter));
  }

  private double[] scaled(String parameter, double[] values) {
    return design.parameters().contains(parameter)
        ? new double[] {values[0] * programs.arguments().get(parameter)}
        : values;
  }

  @Override
  public int count(Part part) {
    return samples.count(part);
  }

  @Override
  public int members() {
    return design.members();
  }

  @Override
  public Map<String, Double> run(Minibatch batch, boolean learn) {
    present(batch);
    var means = new TreeMap<String, Double>();
    means.put(LOSS, learn ? bptt.run(0) : bptt.evaluate(0));
    means.put(ACCURACY, (double) right(batch) / batch.size());
    double spikes = 0;
    for (Population p : Programs.hidden(design)) {
      spikes += spikes(p, batch.size());
    }
    means.put(SPIKES, spikes / batch.size());
    return means;
  }

  /** Members behind the last sample do not count. */
  private void present(Minibatch batch) {
    var labels = new double[design.members()];
    var present = new double[design.members()];
    var ids = new double[design.members()];
    for (int b = 0; b < batch.size(); b++) {
      labels[b] = samples.label(batch.part(), batch.samples()[b]);
      present[b] = 1;
      ids[b] = (int) (batch.firstId() + b);
    }
    samples
        .shown(batch, design.members())
        .forEach((state, x) -> bptt.write(Network.variable(design.input(), state), x));
    bptt.write(Programs.LABEL, labels);
    bptt.write(Programs.PRESENT, present);
    bptt.write(Stimulus.IDS, ids);
  }

  private int right(Minibatch batch) {
    double[] scores = bptt.read(Programs.SCORE);
    int members = design.members();
    int right = 0;
    for (int b = 0; b < batch.size(); b++) {
      int best = 0;
      for (int c = 1; c < design.output().size(); c++) {
        best = scores[c * members + b] > scores[best * members + b] ? c : best;
      }
      right += best == samples.label(batch.part(), batch.samples()[b]) ? 1 : 0;
    }
    return right;
  }

  private double spikes(Population p, int samples) {
    double[] counts = bptt.read(Programs.count(p));
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      sum += i % design.members() < samples ? counts[i] : 0;
    }
    return sum;
  }

  /** Number of learned weights and parameters. */
  public long size() {
    return parameters.stream().mapToLong(p -> p.initial().length).sum();
  }

  /** SHA-256 of the programs that run, by name. */
  public Map<String, String> kernels() {
    var step = programs.episode().step();
    var loss = programs.episode().loss();
    return Map.of(step.name(), step.hash(), loss.name(), loss.hash());
  }

  /** How steps forward are spread over their device; empty where there is only one way. */
  public String shape() {
    return bptt.shape();
  }

  /** Memory of everything [B]. */
  public long bytes() {
    return bptt.bytes();
  }

  @Override
  public void close() {
    bptt.close();
  }
}

package spindle.train.bptt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.grad.Adjoint;
import spindle.grad.Eligibility;
import spindle.grad.Inputs;
import spindle.grad.Recorded;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * Back propagation through time over an episode (Werbos 1990, Proc IEEE 78:1550).
 *
 * <p>The step runs forward as in any simulation, with the same order and resets; then its adjoint
 * runs back over the states that {@link Checkpoints} kept or that are computed again. Gradients are
 * by the initial value of variables, which for those that no step updates, like weights, is the
 * gradient by their value throughout, and by scalar parameters.
 *
 * <p>With windows shorter than the episode the gradient is truncated: windows are run forward and
 * back one after the other, the loss is evaluated at the end of each, and no cotangent passes from
 * a window to the one before (Williams and Peng 1990, Neural Comput 2:490). What that leaves out
 * may come by eligibility traces instead, {@link Beyond#TRACES}: then memory does not grow with the
 * episode, and a window of one step is online learning (e-prop, diagonal RTRL).
 */
public final class Bptt implements AutoCloseable {
  private final Episode episode;
  private final Plan plan;
  private final Executable forward;
  private final Executable loss;
  private final Backward back;
  private final Backward lossBack;
  private final Tape tape;

  /** One, or none where nothing is carried from window to window. */
  private final List<Carried> carried;

  private final List<Snapshot> checkpoints = new ArrayList<>();
  private final Snapshot initial;
  private final Snapshot end;
  private final Snapshot lossState;
  private final Snapshot lossBars;

  /**
   * How gradients are computed.
   *
   * @param by variables and parameters that gradients are wanted of
   * @param checkpoints states kept of each window; its steps are how far back cotangents go
   * @param beyond what is known of the steps before a window
   */
  public record Plan(Inputs by, Checkpoints checkpoints, Beyond beyond) {
    /** Windows that know nothing of what was before. */
    public Plan(Inputs by, Checkpoints checkpoints) {
      this(by, checkpoints, Beyond.NOTHING);
    }
  }

  /** What a window's gradient takes from the steps before it. */
  public enum Beyond {
    /** Nothing: the gradient is truncated. */
    NOTHING,
    /** What {@link Eligibility} traces carry, for inputs that no step updates. */
    TRACES
  }

  /**
   * Compiles an episode and its adjoint.
   *
   * @param scalars values of all parameters
   * @throws IllegalArgumentException if windows do not divide the episode, or neither step nor loss
   *     has one of the inputs
   */
  public Bptt(Episode episode, Plan plan, Map<String, Double> scalars, Backend backend) {
    requireWhole(episode, plan);
    this.episode = episode;
    this.plan = plan;
    List<Variable> moved = moved(episode);
    Recorded eager = recorded(episode, plan.by());
    // Traces are contracted with all cotangents at the start of a window.
    Recorded recorded = plan.beyond() == Beyond.TRACES ? eager : eager.late();
    Adjoint adjoint = recorded.adjoint();
    this.back = new Backward(adjoint, moved, scalars, backend);
    this.lossBack = new Backward(lossAdjoint(adjoint), moved, scalars, backend);
    this.forward = backend.load(recorded.step(), new Arguments(scalars, Set.of()));
    this.loss = backend.load(episode.loss(), new Arguments(scalars, Set.of()));
    this.carried = carried(adjoint, scalars, backend);
    this.tape = new Tape(moved, recorded, plan.checkpoints().every());
    for (int k = 1; k < plan.checkpoints().segments(); k++) {
      checkpoints.add(new Snapshot(moved));
    }
    this.initial = new Snapshot(moved);
    this.end = new Snapshot(moved);
    this.lossState = new Snapshot(moved.stream().filter(this::isRead).toList());
    this.lossBars = lossBack.shared(back);
  }

  /**
   * As few steps run again as a memory budget for what is kept of a window allows.
   *
   * @param by what gradients are wanted of
   * @throws OverBudgetException if none fit, naming what would be needed
   */
  public static Checkpoints within(Episode episode, Inputs by, int window, long budgetBytes) {
    List<Variable> moved = moved(episode);
    long step = new Tape(moved, recorded(episode, by), 1).bytes();
    var sizes = new Checkpoints.Sizes(new Snapshot(moved).bytes(), step);
    return Checkpoints.within(window, sizes, budgetBytes);
  }

  private static List<Variable> moved(Episode episode) {
    return episode.step().variables().stream().filter(episode::moves).toList();
  }

  private static Recorded recorded(Episode episode, Inputs by) {
    return Recorded.of(episode.step(), Backward.inputs(episode.step(), by, Set.of()));
  }

  private List<Carried> carried(Adjoint adjoint, Map<String, Double> scalars, Backend backend) {
    if (plan.beyond() == Beyond.NOTHING) {
      return List.of();
    }
    Inputs inputs = Backward.inputs(episode.step(), plan.by(), Set.of());
    Set<String> still =
        inputs.variables().stream()
            .filter(v -> !episode.moves(episode.step().variable(v)))
            .collect(Collectors.toSet());
    var by = new Inputs(still, inputs.parameters());
    return List.of(new Carried(Eligibility.of(episode.step(), adjoint, by), scalars, backend));
  }

  private static void requireWhole(Episode episode, Plan plan) {
    int window = plan.checkpoints().steps();
    if (episode.steps() % window != 0) {
      throw new IllegalArgumentException(
          "an episode of "
              + episode.steps()
              + " steps has no whole number of windows of "
              + window);
    }
    plan.by().variables().forEach(v -> requireInput(episode, v, Inputs::variables));
    plan.by().parameters().forEach(q -> requireInput(episode, q, Inputs::parameters));
  }

  private static void requireInput(
      Episode episode, String name, Function<Inputs, Set<String>> kind) {
    if (!kind.apply(Inputs.all(episode.step())).contains(name)
        && !kind.apply(Inputs.all(episode.loss())).contains(name)) {
      throw new IllegalArgumentException(
          "neither " + episode.step().name() + " nor " + episode.loss().name() + " has " + name);
    }
  }

  /** By what is wanted, and by the state of the step from which cotangents go on. */
  private Adjoint lossAdjoint(Adjoint adjoint) {
    Set<String> barred =
        adjoint.cotangents().stream().map(Variable::name).collect(Collectors.toSet());
    Set<String> state =
        episode.loss().variables().stream()
            .map(Variable::name)
            .filter(v -> barred.contains(Adjoint.bar(v)))
            .collect(Collectors.toSet());
    return Adjoint.of(episode.loss(), Backward.inputs(episode.loss(), plan.by(), state));
  }

  private boolean isRead(Variable v) {
    return episode.loss().variables().stream().anyMatch(o -> o.name().equals(v.name()));
  }

  /** Sets a variable: its initial value if steps update it, else its value from now on. */
  public void write(String variable, double[] values) {
    executables(variable).forEach(e -> e.write(variable, values));
    keep(variable);
  }

  /** Sets a float32 vector, as {@link #write(String, double[])}. */
  public void write(String variable, float[] values) {
    executables(variable).forEach(e -> e.write(variable, values));
    keep(variable);
  }

  /** Sets all variables of a snapshot, as {@link #write(String, double[])}. */
  public void write(Snapshot state) {
    var all = new ArrayList<>(List.of(forward, back.executable(), loss, lossBack.executable()));
    carried.forEach(c -> all.add(c.stepping()));
    all.forEach(e -> e.restore(state));
    state.names().forEach(this::keep);
  }

  private List<Executable> executables(String variable) {
    var found = new ArrayList<Executable>();
    if (has(episode.step(), variable)) {
      found.add(forward);
      carried.forEach(c -> found.add(c.stepping()));
    }
    if (has(back.adjoint().program(), variable)) {
      found.add(back.executable());
    }
    if (has(episode.loss(), variable)) {
      found.add(loss);
    }
    if (has(lossBack.adjoint().program(), variable)) {
      found.add(lossBack.executable());
    }
    if (found.isEmpty()) {
      throw new NoSuchElementException(
          "neither step nor loss of " + episode.step().name() + " has a variable " + variable);
    }
    return found;
  }

  private static boolean has(Program p, String variable) {
    return p.variables().stream().anyMatch(v -> v.name().equals(variable));
  }

  /** Makes what was written to the state of the step the state that runs begin with. */
  private void keep(String variable) {
    if (initial.names().contains(variable)) {
      var one = new Snapshot(List.of(episode.step().variable(variable)));
      forward.save(one);
      initial.put(one);
    }
  }

  /**
   * Runs the episode forward and back from the initial state.
   *
   * @param from number of the first step, from which random numbers follow
   * @return the loss at the end
   */
  public double run(int from) {
    back.reset();
    lossBack.reset();
    forward.restore(initial);
    carried.forEach(c -> c.reset(initial));
    int window = plan.checkpoints().steps();
    double value = 0;
    for (int begin = from; begin < from + episode.steps(); begin += window) {
      value = window(begin, begin + window);
      if (begin == from) {
        back.keepInitial();
      }
    }
    return value;
  }

  /**
   * Runs steps forward only, from where runs begin; from then on they begin where these end.
   *
   * @param from number of the first step
   */
  public void advance(int from, int steps) {
    forward.restore(initial);
    forward.run(from, steps);
    forward.save(initial);
  }

  /** Lets runs begin where the last one ended. */
  public void proceed() {
    forward.save(initial);
  }

  private double window(int begin, int stop) {
    carried.forEach(c -> c.pass(begin, stop));
    double value = through(begin, stop);
    carried.forEach(c -> c.contract(back, begin));
    return value;
  }

  private double through(int begin, int stop) {
    int every = plan.checkpoints().every();
    int last = begin + plan.checkpoints().repeated();
    for (int k = begin; k < last; k += every) {
      forward.save(checkpoints.get((k - begin) / every));
      forward.run(k, every);
    }
    tape.record(forward, last, stop);
    double value = loss(stop);
    backwards(last, stop);
    if (last > begin) {
      forward.save(end);
    }
    for (int k = last - every; k >= begin; k -= every) {
      forward.restore(checkpoints.get((k - begin) / every));
      tape.record(forward, k, k + every);
      backwards(k, k + every);
    }
    if (last > begin) {
      forward.restore(end);
    }
    return value;
  }

  /**
   * Runs the episode forward from the initial state, without gradients.
   *
   * @param from number of the first step
   * @return the loss at the end
   */
  public double evaluate(int from) {
    forward.restore(initial);
    forward.run(from, episode.steps());
    return value(from + episode.steps());
  }

  private double value(int step) {
    forward.save(lossState);
    loss.restore(lossState);
    loss.run(step, 1);
    var value = new double[1];
    loss.read(Episode.LOSS, new int[1], value);
    return value[0];
  }

  /** The loss, with its cotangents handed to the step's adjoint. */
  private double loss(int step) {
    double value = value(step);
    lossBack.cut();
    lossBack.executable().restore(lossState);
    lossBack.executable().write(Adjoint.bar(Episode.LOSS), new double[] {1});
    lossBack.executable().run(step, 1);
    lossBack.executable().save(lossBars);
    back.cut();
    back.executable().restore(lossBars);
    return value;
  }

  private void backwards(int from, int to) {
    for (int step = to - 1; step >= from; step--) {
      tape.play(back.executable(), step);
      back.executable().run(step, 1);
    }
  }

  /** The gradient of the last run by a variable, one element each. */
  public double[] byVariable(String variable) {
    Program p = has(episode.step(), variable) ? episode.step() : episode.loss();
    var sum = new double[p.variable(variable).type().size()];
    back.add(Adjoint.bar(variable), sum);
    if (!initial.names().contains(variable)) {
      lossBack.add(Adjoint.bar(variable), sum);
      carried.forEach(c -> c.add(variable, sum));
    }
    return sum;
  }

  /** The gradient of the last run by a scalar parameter. */
  public double byParameter(String parameter) {
    var sum = new double[1];
    back.add(Adjoint.gradient(parameter), sum);
    lossBack.add(Adjoint.gradient(parameter), sum);
    carried.forEach(c -> c.add(parameter, sum));
    return sum[0];
  }

  /** Copies a variable as it was at the end of the last run. */
  public double[] read(String variable) {
    int size = episode.step().variable(variable).type().size();
    var values = new double[size];
    forward.read(variable, IntStream.range(0, size).toArray(), values);
    return values;
  }

  /** Memory of states that are kept [B], as the plan counts them. */
  public long checkpointBytes() {
    return tape.bytes() + checkpoints.stream().mapToLong(Snapshot::bytes).sum();
  }

  /** How steps forward are spread over their device; empty where there is only one way. */
  public String shape() {
    return forward.shape();
  }

  /** Memory of everything [B]. */
  public long bytes() {
    long traces = carried.stream().mapToLong(Carried::bytes).sum();
    long adjoints = back.bytes() + lossBack.bytes();
    return forward.bytes() + loss.bytes() + adjoints + traces + checkpointBytes();
  }

  @Override
  public void close() {
    forward.close();
    back.close();
    loss.close();
    lossBack.close();
    carried.forEach(Carried::close);
  }
}

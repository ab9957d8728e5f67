package spindle.train.fit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import spindle.backend.Backend;
import spindle.backend.Snapshot;
import spindle.grad.Inputs;
import spindle.grad.surrogate.ReluGrad;
import spindle.grad.surrogate.Surrogate;
import spindle.ir.Program;
import spindle.model.Assembly;
import spindle.model.Network;
import spindle.train.bptt.Bptt;
import spindle.train.bptt.Checkpoints;
import spindle.train.bptt.Episode;

/**
 * A network that runs on while scalars of it change, and says at the end of every window how far it
 * is from its targets and which way is down.
 *
 * <p>The step is that of the plain simulation with the same order, resets and random numbers.
 * Windows follow each other in time. The loss is of a whole window, so that it is little noise; its
 * gradient goes back over the last part only (Williams and Peng 1990, Neural Comput 2:490), for
 * further back that of a chaotic network grows without bound and says nothing. The gradient is
 * scaled up to the whole window.
 *
 * <p>A spike has the derivative max(0, 1 - |v - v_threshold| / 5 mV) dt / (10 ms 5 mV). It is
 * proportional to dt because a shift of v lasts for many steps, each of which would else count it
 * again.
 */
public final class Fit implements AutoCloseable {
  private static final double WIDTH_MV = 5;
  private static final double PERSISTENCE_MS = 10;

  private final Form form;
  private final Bptt bptt;
  private final Observation observation;
  private int step;

  /**
   * What is fitted.
   *
   * @param network the network, with any values of the scalars
   * @param targets what is to be met
   * @param scalars float parameters of the step that change
   * @param span lengths in time
   * @param budgetBytes memory for the states that are kept to go back over [B]
   */
  public record Form(
      Network network, List<Target> targets, Set<String> scalars, Span span, long budgetBytes) {
    public Form {
      targets = List.copyOf(targets);
      scalars = Set.copyOf(scalars);
      if (targets.isEmpty()) {
        throw new IllegalArgumentException("a fit has at least one target");
      }
    }

    private List<Observable> observables() {
      return targets.stream().map(Target::observable).toList();
    }
  }

  /**
   * Lengths in time.
   *
   * @param window steps that a loss is of
   * @param reach steps at the end of a window that its gradient goes back over
   */
  public record Span(int window, int reach) {
    public Span {
      if (reach < 1 || reach > window) {
        throw new IllegalArgumentException(
            "a gradient reaches back 1 step to a window of " + window + ", got " + reach);
      }
    }
  }

  /**
   * The end of a window.
   *
   * @param loss sum of the squared relative distances to the targets
   * @param values of the observables by name
   * @param gradient of the loss, by scalar
   */
  public record Window(double loss, Map<String, Double> values, Map<String, Double> gradient) {
    public Window {
      values = Map.copyOf(values);
      gradient = Map.copyOf(gradient);
    }

    /** Whether loss and gradient are numbers. */
    public boolean isFinite() {
      return Double.isFinite(loss) && gradient.values().stream().allMatch(Double::isFinite);
    }
  }

  /**
   * Compiles the network and its adjoint; the network stands at its initial state.
   *
   * @throws IllegalArgumentException if the states of a window do not fit into the budget
   */
  public Fit(Form form, long seed, Backend backend) {
    this.form = form;
    this.observation = new Observation(form.network(), form.observables());
    double damping = form.network().dtMs() / PERSISTENCE_MS;
    Surrogate surrogate = new ReluGrad(damping, 1);
    Assembly assembly =
        Assembly.of(
            form.network(),
            seed,
            new Assembly.Form(
                1,
                above -> surrogate.spike(above.times(1 / WIDTH_MV)),
                form.scalars(),
                Map.of(),
                observation::gather));
    this.bptt = bptt(assembly, backend);
    bptt.write(Snapshot.after(assembly.initial(), assembly.arguments(), backend));
  }

  private Bptt bptt(Assembly assembly, Backend backend) {
    Program loss = observation.loss(form.targets(), form.span().window());
    var episode = new Episode(assembly.step(), loss, form.span().reach());
    var arguments = new HashMap<>(assembly.arguments());
    arguments.keySet().removeAll(form.scalars());
    form.targets().forEach(t -> arguments.put(t.observable().name(), t.value()));
    var by = new Inputs(form.scalars(), Set.of());
    Checkpoints kept = Bptt.within(episode, by, form.span().reach(), form.budgetBytes());
    return new Bptt(episode, new Bptt.Plan(by, kept), arguments, backend);
  }

  /**
   * Runs the next window.
   *
   * @param scalars value of every scalar that changes
   */
  public Window run(Map<String, Double> scalars) {
    begin(scalars);
    Span span = form.span();
    advance(span.window() - span.reach());
    double loss = bptt.run(step);
    bptt.proceed();
    step = Math.addExact(step, span.reach());
    double scale = span.window() / (double) span.reach();
    var gradient = new TreeMap<String, Double>();
    scalars.keySet().forEach(name -> gradient.put(name, scale * bptt.byVariable(name)[0]));
    return new Window(loss, observation.values(bptt::read, span.window()), gradient);
  }

  /**
   * Runs on without a gradient.
   *
   * @return the observables by name
   */
  public Map<String, Double> observe(Map<String, Double> scalars, int steps) {
    begin(scalars);
    advance(steps);
    return observation.values(bptt::read, steps);
  }

  private void begin(Map<String, Double> scalars) {
    scalars.forEach((name, value) -> bptt.write(name, new double[] {value}));
    observation.sums().forEach(sum -> bptt.write(sum.name(), new double[sum.type().size()]));
  }

  private void advance(int steps) {
    bptt.advance(step, steps);
    step = Math.addExact(step, steps);
  }

  /** Steps that are done. */
  public int step() {
    return step;
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

package spindle.model;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import spindle.connect.Connectivity;
import spindle.connect.Delayed;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Direction;
import spindle.ir.Expr;
import spindle.ir.Key;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * A network as programs: one that sets the initial state, one that is a time step.
 *
 * <p>The step, for every population: spikes that arrive are delivered; receptors decay, then add,
 * then act; neurons integrate, are compared with the threshold, reset and made refractory. A spike
 * of step k over a delay of d steps arrives at step k + max(d, 1).
 *
 * @param initial sets every state variable in one step
 * @param step one time step
 * @param arguments values of all parameters of both
 */
public record Assembly(Program initial, Program step, Map<String, Double> arguments) {

  /** Assembles a network under a seed. */
  public static Assembly of(Network network, long seed) {
    return of(network, seed, Form.PLAIN);
  }

  /** Assembles a network under a seed in a form of its own. */
  public static Assembly of(Network network, long seed, Form form) {
    return new Builder(network, seed, form).build();
  }

  /**
   * How a network is assembled; the models in it do not notice.
   *
   * @param members copies of the network side by side, with the same initial state: element j of
   *     copy b is at {@code j * members + b}
   * @param spike what {@link Cell#spike} traces; of the value of a Heaviside step, whatever its
   *     derivative
   * @param variables parameters that are scalar variables instead of arguments, which the step does
   *     not change
   * @param synapses number of synapses of those projections that have their weights in the variable
   *     {@link Network#weights}, by name
   * @param observer traces more of the step
   */
  public record Form(
      int members,
      UnaryOperator<Expr> spike,
      Set<String> variables,
      Map<String, Integer> synapses,
      Observer observer) {
    /** One network that is only simulated. */
    public static final Form PLAIN =
        new Form(1, Expr::heaviside, Set.of(), Map.of(), (step, spikes) -> {});

    public Form {
      variables = Set.copyOf(variables);
      synapses = Map.copyOf(synapses);
      if (members < 1) {
        throw new IllegalArgumentException("there is at least 1 member, got " + members);
      }
    }

    Expr parameter(Trace trace, String name, DType dtype) {
      return variables.contains(name)
          ? trace.load(trace.declare(Variable.of(name, Type.scalar(dtype))).name())
          : trace.parameter(name, dtype);
    }

    /** Number of the neuron of each of so many per member. */
    Expr neuron(Trace trace, int size) {
      Expr i = trace.index(Math.multiplyExact(size, members));
      // As train.Batch divides: nearer to the true quotient than to the next whole number.
      DType wide = i.type().length() <= 1 << 23 ? DType.F32 : DType.F64;
      return members == 1 ? i : i.as(wide).plus(0.5).over(members).as(DType.I32);
    }
  }

  /** Adds equations to a step behind those of the network. */
  public interface Observer {
    /**
     * Traces them.
     *
     * @param step where {@link Trace#next} has what the network's variables will hold
     * @param spikes mask of the neurons that spike in this step, by population
     */
    void trace(Trace step, Map<String, Expr> spikes);
  }

  /** Where a population is written. */
  record Stage(Trace trace, Form form) {}

  private static final class Builder {
    private final Network network;
    private final long seed;
    private final Form form;
    private final Map<String, Expr> spikes = new LinkedHashMap<>();
    private final Map<String, Double> arguments = new HashMap<>();
    private final Trace step;
    private final Trace initial;

    Builder(Network network, long seed, Form form) {
      this.network = network;
      this.seed = seed;
      this.form = form;
      this.step = new Trace(network.name());
      this.initial = new Trace(network.name() + " initial state");
    }

    Assembly build() {
      arguments.put("dt", network.dtMs());
      network.populations().forEach(this::declare);
      network.populations().forEach(this::population);
      form.observer().trace(step, spikes);
      return new Assembly(initial.finish(), step.finish(), Map.copyOf(arguments));
    }

    private int length(int neurons) {
      return Math.multiplyExact(neurons, form.members());
    }

    private void declare(Population p) {
      Type vector = Type.vector(network.precision(), length(p.size()));
      for (State s : network.states(p)) {
        Variable v = Variable.of(Network.variable(p, s.name()), vector);
        step.declare(v);
        initial.declare(v);
        initial.store(v.name(), start(v, s.initial(), form.neuron(initial, p.size())));
      }
      int longest = 1;
      for (Projection q : network.projections()) {
        boolean own = q.pre().population().name().equals(p.name());
        longest = own ? Math.max(longest, delays(q).longest()) : longest;
      }
      step.declare(new Variable(Network.spikes(p), vector.as(DType.EVENTS), longest));
    }

    private Expr start(Variable v, Initial how, Expr neuron) {
      DType dtype = v.type().dtype();
      Expr zeros = neuron.as(dtype).times(0);
      if (how instanceof Initial.Constant c) {
        return zeros.plus(argument(initial, v.name() + ".initial", c.value()));
      }
      Expr u = keys(initial, v.name()).uniform(dtype, neuron);
      if (how instanceof Initial.Normal c) {
        Expr deviation = argument(initial, v.name() + ".initial_deviation", c.deviation());
        Expr mean = argument(initial, v.name() + ".initial_mean", c.mean());
        return mean.plus(deviation.times(Deviates.normal(u)));
      }
      var c = (Initial.Uniform) how;
      Expr low = argument(initial, v.name() + ".initial_low", c.low());
      Expr high = argument(initial, v.name() + ".initial_high", c.high());
      return low.plus(high.minus(low).times(u));
    }

    private void population(Population p) {
      var cell = new PopulationCell(new Stage(step, form), network, p, arguments);
      for (Receptor r : network.receptors(p)) {
        cell.receptor(r, arriving(p, r));
      }
      for (Input i : p.inputs()) {
        if (i instanceof Input.Constant c) {
          cell.constant(c.current());
        }
      }
      Expr mask = p.neuron().step(cell);
      cell.store();
      step.store(Network.spikes(p), step.collect(mask));
      spikes.put(p.name(), mask);
    }

    /** Sum of the weights that arrive at a receptor, projections first, in order of declaration. */
    private Expr arriving(Population p, Receptor r) {
      Expr sum = null;
      for (Projection q : network.projections()) {
        if (q.isOnto(p) && q.receptor().name().equals(r.name())) {
          sum = sum == null ? arriving(q) : sum.plus(arriving(q));
        }
      }
      for (Input i : p.inputs()) {
        if (i instanceof Input.Poisson c && c.receptor().name().equals(r.name())) {
          sum = sum == null ? poisson(p, c) : sum.plus(poisson(p, c));
        }
      }
      return sum;
    }

    private Expr arriving(Projection q) {
      Delayed.Law law = delays(q);
      boolean constant = law instanceof Delayed.Constant;
      Connectivity connectivity = constant ? q.connectivity() : new Delayed(q.connectivity(), law);
      arguments.putAll(connectivity.arguments(q.name(), seed));
      Rows rows = connectivity.rows(q.name(), q.storage());
      if (constant && rows.delayed()) {
        throw new IllegalArgumentException(
            q.name() + ": delays of a projection stand in the projection, not in its connectivity");
      }
      Expr events = constant ? load(q, law.longest()) : recent(q, law.longest());
      return argument(step, q.name() + ".weight", q.weight()).times(sums(q, events, rows));
    }

    private Expr sums(Projection q, Expr events, Rows rows) {
      Integer synapses = form.synapses().get(q.name());
      if (synapses == null) {
        return step.propagate(events, rows, network.precision());
      }
      if (rows.weighted()) {
        throw new IllegalArgumentException(
            q.name()
                + ": weights by synapse would replace those of its connectivity; leave them out: "
                + q.connectivity());
      }
      Type type = Type.vector(network.precision(), synapses);
      Variable weights = step.declare(Variable.of(Network.weights(q), type));
      return step.transmit(events, step.load(weights.name()), rows, Direction.ALONG);
    }

    private Expr load(Projection q, int delay) {
      Expr events = step.load(Network.spikes(q.pre().population()), delay);
      return step.slice(events, length(q.pre().from()), length(q.pre().to()));
    }

    private Expr recent(Projection q, int steps) {
      String spikes = Network.spikes(q.pre().population());
      return step.recent(spikes, steps, length(q.pre().from()), length(q.pre().to()));
    }

    private Expr poisson(Population p, Input.Poisson input) {
      double probability = input.rateHz() * network.dtMs() / 1000;
      if (probability > 1) {
        throw new IllegalArgumentException(
            input.name()
                + ": rate "
                + input.rateHz()
                + " Hz needs more than one spike per step of "
                + network.dtMs()
                + " ms; lower the rate or dt");
      }
      String name = p.name() + ".input." + input.name(); // apart from the streams of the state
      Deviates.Keys keys = keys(step, name);
      Expr u = now(keys, p.size()).uniform(network.precision(), form.neuron(step, p.size()));
      Expr fires = argument(step, name + ".probability", probability).minus(u).heaviside();
      return argument(step, name + ".weight", input.weight()).times(fires);
    }

    /** Keys of this step, for each member others. */
    private Deviates.Keys now(Deviates.Keys keys, int size) {
      if (form.members() == 1) {
        return keys.at(step.time(), step.time());
      }
      Expr neuron = form.neuron(step, size);
      Expr member = step.index(length(size)).minus(neuron.times(form.members()));
      return keys.at(step.time(), step.time().plus(member));
    }

    private Delayed.Law delays(Projection q) {
      return q.delays().law(q.name() + ".delay", network.dtMs());
    }

    private Deviates.Keys keys(Trace trace, String stream) {
      Key key = Key.of(seed, stream);
      arguments.put(stream + ".key0", (double) key.k0());
      arguments.put(stream + ".key1", (double) key.k1());
      return Deviates.Keys.parameters(trace, stream);
    }

    private Expr argument(Trace trace, String name, double value) {
      arguments.put(name, value);
      return trace == step
          ? form.parameter(trace, name, network.precision())
          : trace.parameter(name, network.precision());
    }
  }
}

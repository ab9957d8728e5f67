package spindle.model;

import java.util.HashMap;
import java.util.Map;
import spindle.connect.Connectivity;
import spindle.connect.Delayed;
import spindle.ir.DType;
import spindle.ir.Deviates;
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
    return new Builder(network, seed).build();
  }

  private static final class Builder {
    private final Network network;
    private final long seed;
    private final Map<String, Double> arguments = new HashMap<>();
    private final Trace step;
    private final Trace initial;

    Builder(Network network, long seed) {
      this.network = network;
      this.seed = seed;
      this.step = new Trace(network.name());
      this.initial = new Trace(network.name() + " initial state");
    }

    Assembly build() {
      arguments.put("dt", network.dtMs());
      network.populations().forEach(this::declare);
      network.populations().forEach(this::population);
      return new Assembly(initial.finish(), step.finish(), Map.copyOf(arguments));
    }

    private void declare(Population p) {
      for (State s : network.states(p)) {
        Variable v =
            Variable.of(Network.variable(p, s.name()), Type.vector(network.precision(), p.size()));
        step.declare(v);
        initial.declare(v);
        initial.store(v.name(), start(v, s.initial()));
      }
      int longest = 1;
      for (Projection q : network.projections()) {
        boolean own = q.pre().population().name().equals(p.name());
        longest = own ? Math.max(longest, delays(q).longest()) : longest;
      }
      step.declare(new Variable(Network.spikes(p), Type.vector(DType.EVENTS, p.size()), longest));
    }

    private Expr start(Variable v, Initial how) {
      int n = v.type().length();
      DType dtype = v.type().dtype();
      Expr zeros = initial.index(n).as(dtype).times(0);
      if (how instanceof Initial.Constant c) {
        return zeros.plus(argument(initial, v.name() + ".initial", c.value()));
      }
      Expr u = keys(initial, v.name()).uniform(dtype, initial.index(n));
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
      var cell = new PopulationCell(step, network, p, arguments);
      for (Receptor r : network.receptors(p)) {
        cell.receptor(r, arriving(p, r));
      }
      for (Input i : p.inputs()) {
        if (i instanceof Input.Constant c) {
          cell.constant(c.current());
        }
      }
      Expr spikes = p.neuron().step(cell);
      cell.store();
      step.store(Network.spikes(p), step.collect(spikes));
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
      Expr sums = step.propagate(events, rows, network.precision());
      return argument(step, q.name() + ".weight", q.weight()).times(sums);
    }

    private Expr load(Projection q, int delay) {
      Expr events = step.load(Network.spikes(q.pre().population()), delay);
      return step.slice(events, q.pre().from(), q.pre().to());
    }

    private Expr recent(Projection q, int steps) {
      String spikes = Network.spikes(q.pre().population());
      return step.recent(spikes, steps, q.pre().from(), q.pre().to());
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
      Deviates.Keys now = keys(step, name).at(step.time(), step.time());
      Expr u = now.uniform(network.precision(), step.index(p.size()));
      Expr fires = argument(step, name + ".probability", probability).minus(u).heaviside();
      return argument(step, name + ".weight", input.weight()).times(fires);
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
      return trace.parameter(name, network.precision());
    }
  }
}

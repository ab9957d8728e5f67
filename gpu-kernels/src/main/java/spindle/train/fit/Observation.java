package spindle.train.fit;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.model.Network;
import spindle.model.Population;
import spindle.train.bptt.Episode;

/**
 * Writes sums over time into a step, and what is made of them into a loss.
 *
 * <p>Sums are kept per neuron, so that a step adds vectors; they are summed over neurons once, at
 * the end.
 *
 * <p>The loss is the sum over targets of ((value - target) / target)^2.
 */
final class Observation {
  private static final String SUM = "sum.";
  private static final String SQUARE = ".square";
  private static final String INTERVALS = ".intervals";
  private static final String COUNT = ".count";

  /** Variances of intervals below this are none, where the root has no derivative [ms^2]. */
  private static final double LEAST_VARIANCE = 1e-6;

  private final Network network;
  private final List<Observable> observables;
  private final Map<String, Variable> sums = new LinkedHashMap<>();

  Observation(Network network, List<Observable> observables) {
    this.network = network;
    this.observables = observables;
  }

  /** Adds to a step the sums that the observables need, of what it leaves behind. */
  void gather(Trace step, Map<String, Expr> spikes) {
    for (Observable o : observables) {
      Population p = o.group().population();
      switch (o.kind()) {
        case RATE -> add(step, name(o), spikes.get(p.name()));
        case IRREGULARITY -> intervals(step, name(o), spikes.get(p.name()));
        case MEAN -> add(step, name(o), step.next(Network.variable(p, o.state())));
        case DEVIATION -> {
          Expr x = step.next(Network.variable(p, o.state()));
          add(step, name(o), x);
          add(step, name(o) + SQUARE, x.times(x));
        }
      }
    }
  }

  /**
   * Adds up the intervals that end in this step. Since when a neuron is silent, and whether it ever
   * spiked, outlive a window, so intervals longer than that count too.
   */
  private void intervals(Trace step, String name, Expr spike) {
    if (sums.containsKey(name + COUNT)) {
      return;
    }
    Expr since = load(step, name + ".since", spike.type()).plus(network.dtMs());
    Expr begun = load(step, name + ".begun", spike.type());
    Expr ends = spike.times(begun);
    add(step, name + COUNT, ends);
    add(step, name, ends.times(since));
    add(step, name + SQUARE, ends.times(since).times(since));
    Expr silent = spike.from(1);
    step.store(name + ".since", silent.times(since));
    step.store(name + ".begun", spike.plus(silent.times(begun)));
  }

  private static Expr load(Trace step, String variable, Type type) {
    step.declare(Variable.of(variable, type));
    return step.load(variable);
  }

  private void add(Trace step, String sum, Expr x) {
    if (sums.putIfAbsent(sum, Variable.of(sum, x.type())) == null) {
      step.declare(sums.get(sum));
      step.store(sum, step.load(sum).plus(x));
    }
  }

  private static String name(Observable o) {
    Population p = o.group().population();
    return switch (o.kind()) {
      case RATE -> SUM + Network.spikes(p);
      case IRREGULARITY -> SUM + Network.spikes(p) + INTERVALS;
      case MEAN, DEVIATION -> SUM + Network.variable(p, o.state());
    };
  }

  /** The sums, all of which begin an episode at 0. */
  Collection<Variable> sums() {
    return sums.values();
  }

  /**
   * The loss of some targets, whose values are parameters of their names.
   *
   * @param steps that the sums are over
   */
  Program loss(List<Target> targets, int steps) {
    var trace = new Trace("distance to targets");
    Expr loss = null;
    for (Target t : targets) {
      Expr target = trace.parameter(t.observable().name(), network.precision());
      Expr off = value(trace, t.observable(), steps).over(target).minus(1);
      loss = loss == null ? off.times(off) : loss.plus(off.times(off));
    }
    trace.declare(Variable.of(Episode.LOSS, Type.scalar(network.precision())));
    trace.store(Episode.LOSS, loss);
    return trace.finish();
  }

  private Expr value(Trace trace, Observable o, int steps) {
    Expr sum = mean(trace, o, name(o));
    Expr mean = sum.times(1.0 / steps);
    return switch (o.kind()) {
      case RATE -> mean.times(perSecond(network));
      case MEAN -> mean;
      case DEVIATION -> {
        Expr square = mean(trace, o, name(o) + SQUARE).times(1.0 / steps);
        yield square.minus(mean.times(mean)).max(0).sqrt();
      }
      case IRREGULARITY -> {
        Expr count = mean(trace, o, name(o) + COUNT).max(fewest(o));
        Expr interval = sum.over(count);
        Expr square = mean(trace, o, name(o) + SQUARE).over(count);
        Expr variance = square.minus(interval.times(interval)).max(LEAST_VARIANCE);
        yield variance.sqrt().over(interval.max(network.dtMs()));
      }
    };
  }

  /** One interval, per neuron: with none there is no irregularity, and no division by 0. */
  private static double fewest(Observable o) {
    return 1.0 / o.group().size();
  }

  /** Mean of a sum over the group's neurons. */
  private Expr mean(Trace trace, Observable o, String sum) {
    trace.declare(sums.get(sum));
    Expr all = trace.load(sum);
    int size = o.group().size();
    boolean whole = size == all.type().length();
    Expr part = whole ? all : trace.gather(all, trace.index(size).plus(o.group().from()));
    return trace.sum(part).times(1.0 / size);
  }

  /** The values of the observables by name, from sums over so many steps. */
  Map<String, Double> values(Reader read, int steps) {
    var values = new TreeMap<String, Double>();
    observables.forEach(o -> values.put(o.name(), value(o, read, steps)));
    return values;
  }

  /** Reads a variable. */
  interface Reader {
    double[] vector(String variable);
  }

  private static double perSecond(Network network) {
    return 1000 / network.dtMs();
  }

  private double value(Observable o, Reader read, int steps) {
    double sum = mean(o, read.vector(name(o)));
    double mean = sum / steps;
    return switch (o.kind()) {
      case RATE -> mean * perSecond(network);
      case MEAN -> mean;
      case DEVIATION -> {
        double square = mean(o, read.vector(name(o) + SQUARE)) / steps;
        yield Math.sqrt(Math.max(0, square - mean * mean));
      }
      case IRREGULARITY -> {
        double count = Math.max(fewest(o), mean(o, read.vector(name(o) + COUNT)));
        double interval = sum / count;
        double variance = mean(o, read.vector(name(o) + SQUARE)) / count - interval * interval;
        yield Math.sqrt(Math.max(LEAST_VARIANCE, variance)) / Math.max(interval, network.dtMs());
      }
    };
  }

  private static double mean(Observable o, double[] sums) {
    double sum = 0;
    for (int i = o.group().from(); i < o.group().to(); i++) {
      sum += sums[i];
    }
    return sum / o.group().size();
  }
}

package spindle.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Trace;

/** The view a model has of its population while the step is traced. */
final class PopulationCell implements Cell {
  private final Trace trace;
  private final Network network;
  private final Population population;
  private final Map<String, Double> arguments;
  private final Assembly.Form form;
  private final Map<String, Expr> set = new LinkedHashMap<>();
  private final List<Receptor> receptors = new ArrayList<>();
  private final List<Expr> conductances = new ArrayList<>();
  private final List<Expr> currents = new ArrayList<>();

  /**
   * @param arguments receives the values of parameters
   */
  PopulationCell(
      Assembly.Stage stage, Network network, Population population, Map<String, Double> arguments) {
    this.trace = stage.trace();
    this.form = stage.form();
    this.network = network;
    this.population = population;
    this.arguments = arguments;
  }

  /** Steps a receptor. */
  void receptor(Receptor r, Expr arriving) {
    receptors.add(r);
    conductances.add(r.synapse().step(new ReceptorCell(this, r), arriving));
  }

  /** Adds a current that does not depend on the state. */
  void constant(double current) {
    currents.add(parameter("input" + currents.size(), current));
  }

  /** Writes what was set. */
  void store() {
    set.forEach((state, value) -> trace.store(Network.variable(population, state), value));
  }

  @Override
  public Expr state(String name) {
    Expr now = set.get(name);
    return now == null ? trace.load(Network.variable(population, name)) : now;
  }

  @Override
  public void set(String name, Expr value) {
    set.put(name, value);
  }

  @Override
  public Expr parameter(String name, double value) {
    String full = Network.variable(population, name);
    Double before = arguments.put(full, value);
    if (before != null && before != value) {
      throw new IllegalArgumentException(full + " is both " + before + " and " + value);
    }
    return form.parameter(trace, full, network.precision());
  }

  @Override
  public Expr spike(Expr above) {
    return form.spike().apply(above);
  }

  @Override
  public Expr dt() {
    return trace.parameter("dt", network.precision());
  }

  @Override
  public Expr input(Expr v) {
    Expr sum = null;
    for (int k = 0; k < receptors.size(); k++) {
      Receptor r = receptors.get(k);
      Expr current = r.output().current(new ReceptorCell(this, r), conductances.get(k), v);
      sum = sum == null ? current : sum.plus(current);
    }
    for (Expr c : currents) {
      sum = sum == null ? c : sum.plus(c);
    }
    return sum == null ? v.like(0) : sum;
  }

  @Override
  public int steps(String what, double ms) {
    return Steps.of(Network.variable(population, what), ms, network.dtMs());
  }

  @Override
  public DType precision() {
    return network.precision();
  }

  /** The same view with the names of a receptor. */
  private record ReceptorCell(PopulationCell cell, Receptor receptor) implements Cell {
    @Override
    public Expr state(String name) {
      return cell.state(receptor.state(name));
    }

    @Override
    public void set(String name, Expr value) {
      cell.set(receptor.state(name), value);
    }

    @Override
    public Expr parameter(String name, double value) {
      return cell.parameter(receptor.name() + "." + name, value);
    }

    @Override
    public Expr spike(Expr above) {
      return cell.spike(above);
    }

    @Override
    public Expr dt() {
      return cell.dt();
    }

    @Override
    public Expr input(Expr v) {
      throw new IllegalStateException("a receptor has no input but its spikes");
    }

    @Override
    public int steps(String what, double ms) {
      return cell.steps(receptor.name() + "." + what, ms);
    }

    @Override
    public DType precision() {
      return cell.precision();
    }
  }
}

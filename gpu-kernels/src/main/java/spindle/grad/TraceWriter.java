package spindle.grad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Update;
import spindle.ir.Variable;

/** Writes the traces of one step and their contraction with cotangents, once. */
final class TraceWriter {
  private final Program step;
  private final Adjoint adjoint;
  private final Trace trace;
  private final Primal primal;
  private final Companions names;
  private final Trace sums;

  /** Per neuron and step, in order: what is remembered for the next step. */
  private final List<Memory> memories = new ArrayList<>();

  private final List<Variable> traces = new ArrayList<>();
  private final List<Variable> gradients = new ArrayList<>();

  /**
   * A vector that the step remembers.
   *
   * @param name of its cotangent without the prefix: of the variable, or of events and their delay
   * @param old its value at the start of the step
   * @param next what it becomes, or {@code old} of the memory that moves to it
   */
  private record Memory(String name, Expr old, Expr next) {}

  TraceWriter(Program step, Adjoint adjoint) {
    this.step = step;
    this.adjoint = adjoint;
    this.trace = new Trace(step.name() + " with traces");
    this.primal = new Primal(step, trace, this::load);
    this.names = new Companions(step, trace, "e");
    this.sums = new Trace(step.name() + " contraction");
    step.variables().forEach(trace::declare);
  }

  Eligibility write(Inputs by) {
    step.updates().forEach(u -> trace.store(u.variable(), primal.value(u.value())));
    step.updates().forEach(this::remember);
    by.variables().stream().sorted().forEach(this::byVariable);
    by.parameters().stream().sorted().forEach(this::byParameter);
    return new Eligibility(trace.finish(), traces, sums.finish(), gradients);
  }

  private Expr load(Equation e) {
    return Primal.load(trace, step.variable(e.name()), e);
  }

  /** Scalars gather over neurons, integers have no derivative. */
  private void remember(Update u) {
    Variable v = step.variable(u.variable());
    if (v.type().isScalar() || v.type().dtype() == DType.I32) {
      return;
    }
    Expr next = primal.value(u.value());
    if (v.type().dtype() != DType.EVENTS) {
      memories.add(new Memory(v.name(), trace.load(v.name()), next));
      return;
    }
    Equation collect = step.at(u.value());
    Expr moving = collect.op() == Op.COLLECT ? primal.value(collect.args().get(0)) : next;
    for (int d = 1; d <= v.history(); d++) {
      Expr old = trace.mark(trace.load(v.name(), d), names.type(v.type()).dtype());
      memories.add(new Memory(v.name() + "." + d, old, moving));
      moving = old;
    }
  }

  private void byVariable(String w) {
    if (step.updates().stream().anyMatch(u -> u.variable().equals(w))) {
      throw new IllegalArgumentException(
          step.name() + " changes " + w + "; traces are by what stays the same");
    }
    Expr input = trace.load(w);
    List<Influence.Use> uses = uses(input);
    write(
        w,
        input.type(),
        uses.isEmpty() ? elementwise(input) : new Influence.Weights(uses, input.type().length()));
  }

  private void byParameter(String q) {
    Expr input = trace.parameter(q, step.parameters().get(q));
    var products = new ArrayList<Influence.Product>();
    for (int i = 0; i < step.equations().size(); i++) {
      Equation e = step.at(i);
      boolean depends =
          e.op() == Op.PROPAGATE
              && !RowDerivative.parameters(step.rows(e.name()), Set.of(q)).isEmpty();
      if (depends) {
        products.add(new Influence.Product(primal.value(i), derivative(e, q)));
      }
    }
    write(q, input.type(), new Influence.Values(input, products));
  }

  private Expr derivative(Equation e, String q) {
    Rows by = RowDerivative.of(step.rows(e.name()), q);
    return trace.propagate(primal.value(e.args().get(0)), by, Direction.of(e), e.type().dtype());
  }

  private static Influence elementwise(Expr input) {
    return new Influence.Values(input, List.of());
  }

  /** The products whose weights are elementwise functions of an input. */
  private List<Influence.Use> uses(Expr input) {
    var uses = new ArrayList<Influence.Use>();
    for (int i = 0; i < step.equations().size(); i++) {
      Equation e = step.at(i);
      if (e.op() == Op.TRANSMIT) {
        Expr slope = Diagonal.within(primal.value(e.args().get(1)), input);
        if (!slope.isConstant(0)) {
          uses.add(Influence.Use.of(step, primal, i, slope));
        }
      }
    }
    return uses;
  }

  /** All traces of an input, and the gradient that they yield. */
  private void write(String input, Type type, Influence influence) {
    Map<Memory, Expr> direct = new LinkedHashMap<>();
    for (Memory m : memories) {
      Expr by = influence.on(m.next());
      if (!by.isConstant(0)) {
        direct.put(m, by);
      }
    }
    List<Memory> reached = reached(direct);
    for (Memory m : reached) {
      traces.add(names.declare(name(input, m), shape(influence, type, m)));
    }
    for (Memory m : reached) {
      Expr sum = direct.getOrDefault(m, trace.constant(type.dtype(), 0));
      for (Memory from : reached) {
        Expr slope = Diagonal.within(m.next(), from.old());
        if (!slope.isConstant(0)) {
          sum = influence.spread(slope).times(trace.load(name(input, from))).plus(sum);
        }
      }
      trace.store(name(input, m), Fit.to(trace, sum, shape(influence, type, m)));
    }
    contract(input, type, reached, influence);
  }

  private Type shape(Influence influence, Type input, Memory m) {
    return influence.shape(input, m.old().type());
  }

  private static String name(String input, Memory m) {
    return "e." + input + "." + m.name();
  }

  /** What an input reaches directly, or from there within neurons. */
  private List<Memory> reached(Map<Memory, Expr> direct) {
    var reached = new ArrayList<>(direct.keySet());
    for (int k = 0; k < reached.size(); k++) {
      Expr old = reached.get(k).old();
      memories.stream()
          .filter(m -> !reached.contains(m) && !Diagonal.within(m.next(), old).isConstant(0))
          .forEach(reached::add);
    }
    return reached;
  }

  private void contract(String input, Type type, List<Memory> reached, Influence influence) {
    String gradient = Eligibility.gradient(input);
    gradients.add(sums.declare(Variable.of(gradient, type)));
    Expr sum = sums.load(gradient);
    for (Memory m : reached) {
      String bar = Adjoint.bar(m.name());
      if (adjoint.cotangents().stream().anyMatch(v -> v.name().equals(bar))) {
        Variable e = sums.declare(trace(name(input, m)));
        Expr c = sums.load(sums.declare(Variable.of(bar, m.old().type())).name());
        Expr product = influence.spread(c).times(sums.load(e.name()));
        sum = sum.plus(Fit.to(sums, product, type));
      }
    }
    sums.store(gradient, sum);
  }

  private Variable trace(String name) {
    return traces.stream().filter(v -> v.name().equals(name)).findFirst().orElseThrow();
  }
}

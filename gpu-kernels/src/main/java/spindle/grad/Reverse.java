package spindle.grad;

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

/**
 * Reverse mode: from the updates back, each equation hands the cotangent of its value to its
 * operands, and what arrives at loads and parameters is the result.
 */
final class Reverse {
  private final Program step;
  private final Activity active;
  private final Trace trace;
  private final Companions bars;
  private final Primal primal;
  private final Expr[] cotangents;

  /** What arrived at inputs, by the variable that takes it. */
  private final Map<String, Expr> arrived = new LinkedHashMap<>();

  private final Map<String, Variable> state = new LinkedHashMap<>();

  Reverse(Program step, Activity active) {
    this.step = step;
    this.active = active;
    this.trace = new Trace(step.name() + " adjoint");
    this.bars = new Companions(step, trace, Adjoint.PREFIX);
    this.primal = new Primal(step, trace, this::load);
    this.cotangents = new Expr[step.equations().size()];
  }

  /** Takes the value of an equation from a variable instead of computing it again. */
  Variable give(int place, String name) {
    Variable v = bars.declare(name, step.at(place).type());
    state.put(name, v);
    primal.give(place, trace.load(name));
    return v;
  }

  /** The places of the step whose values the adjoint reads. */
  Set<Integer> read() {
    return primal.asked();
  }

  Adjoint write() {
    List<Variable> variables = bars.declareVariables(active.inputs().variables());
    List<Variable> gradients = bars.declareParameters(active.inputs().parameters());
    for (Update u : step.updates()) {
      if (active.at(u.value())) {
        add(u.value(), trace.load(bars.name(step.variable(u.variable()), 1)));
      }
    }
    for (int i = cotangents.length - 1; i >= 0; i--) {
      if (cotangents[i] != null) {
        transpose(i, cotangents[i]);
      }
    }
    active.inputs().variables().stream().sorted().map(step::variable).forEach(this::storeBars);
    gradients.forEach(g -> storeSum(g.name(), g.name()));
    return new Adjoint(trace.finish(), List.copyOf(state.values()), variables, gradients);
  }

  /** Old state as it was written before. */
  private Expr load(Equation e) {
    Variable v = step.variable(e.name());
    state.computeIfAbsent(v.name(), name -> trace.declare(v));
    return Primal.load(trace, v, e);
  }

  /**
   * The step moved what was d steps old to d + 1 steps; so d + 1 comes back to d. A variable that
   * the step left alone is its own new value.
   */
  private void storeBars(Variable v) {
    boolean updated = step.updates().stream().anyMatch(u -> u.variable().equals(v.name()));
    for (int d = 1; d <= v.history(); d++) {
      String old = bars.name(v, d);
      if (!updated) {
        storeSum(old, old);
      } else if (d < v.history()) {
        storeSum(old, bars.name(v, d + 1));
      } else {
        Expr sum = arrived.get(old);
        trace.store(old, sum == null ? Fit.zero(trace, bars.type(v.type())) : sum);
      }
    }
  }

  /** {@code to} takes the value of {@code from}, and what arrived at it. */
  private void storeSum(String to, String from) {
    Expr sum = arrived.get(to);
    if (sum != null) {
      trace.store(to, trace.load(from).plus(sum));
    } else if (!to.equals(from)) {
      trace.store(to, trace.load(from));
    }
  }

  /** Adds to the cotangent of a value that has one. */
  private void add(int place, Expr c) {
    if (active.at(place)) {
      Expr fitted = Fit.to(trace, c, bars.type(step.at(place).type()));
      Expr before = cotangents[place];
      cotangents[place] = before == null ? fitted : before.plus(fitted);
    }
  }

  private void arrive(String variable, Expr c) {
    arrived.merge(variable, c, Expr::plus);
  }

  /** Each step of a history goes to the cotangent of its own delay. */
  private void arrive(Equation recent, Expr c) {
    Variable v = step.variable(recent.name());
    var part = Recent.of(trace, v, recent);
    for (int d = 1; d <= v.history(); d++) {
      arrive(bars.name(v, d), part.pad(part.at(c, d)));
    }
  }

  private void transpose(int i, Expr c) {
    Equation e = step.at(i);
    int at = (int) e.value();
    switch (e.op()) {
      case LOAD -> arrive(bars.name(e), c);
      case RECENT -> arrive(e, c);
      case PARAM -> arrive(bars.parameter(e.name()), c);
      case SUM, COLLECT, MARK -> add(arg(e, 0), c);
      case GATHER -> add(arg(e, 0), trace.scatter(c, x(e, 1), type(e, 0).length()));
      case SCATTER -> add(arg(e, 0), trace.gather(c, x(e, 1)));
      case PAD -> add(arg(e, 0), Fit.range(trace, c, at, type(e, 0).length()));
      case SLICE -> add(arg(e, 0), trace.pad(c, at, type(e, 0).length()));
      case PROPAGATE, TRANSMIT, PAIR -> product(e, c);
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, CAST, SCALE, MANTISSA, SELECT ->
          elementwise(i, c);
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, PROXY -> elementwise(i, c);
      case CONST, TIME, INDEX, FLOOR, AND, XOR, SHL, SHR, EXPONENT, HEAVISIDE, UNIFORM, STOP ->
          throw new IllegalStateException(e + " has no cotangent");
    }
  }

  private void elementwise(int i, Expr c) {
    Equation e = step.at(i);
    var local = new Local(primal, i);
    for (int k = 0; k < e.args().size(); k++) {
      if (active.at(arg(e, k)) && Local.flows(e.op(), k)) {
        add(arg(e, k), local.times(c, k));
      }
    }
  }

  /** Where either side has no neuron there is no synapse, and a batch cannot be told. */
  private void product(Equation e, Expr c) {
    boolean empty = type(e, 0).length() == 0 || e.type().length() == 0;
    Rows rows = step.rows(e.name());
    if (!empty && e.op() == Op.PROPAGATE) {
      propagate(e, rows, c);
    } else if (!empty && e.op() == Op.TRANSMIT) {
      transmit(e, rows, c);
    } else if (!empty) {
      pair(e, rows, c);
    }
  }

  /**
   * Cotangents go the other way through the same rows. The gradient by a parameter q of the weights
   * is the product of c with what the sources yield through rows of weight dw/dq; so the sources
   * that did not spike cost nothing.
   */
  private void propagate(Equation e, Rows rows, Expr c) {
    DType dtype = e.type().dtype();
    Direction direction = Direction.of(e);
    if (active.at(arg(e, 0))) {
      add(arg(e, 0), trace.propagate(c, rows, direction.reversed(), dtype));
    }
    for (String q : RowDerivative.parameters(rows, active.inputs().parameters())) {
      Expr by = trace.propagate(x(e, 0), RowDerivative.of(rows, q), direction, dtype);
      Type type = Type.scalar(step.parameters().get(q));
      arrive(bars.parameter(q), Fit.to(trace, c.times(by), type));
    }
  }

  private void transmit(Equation e, Rows rows, Expr c) {
    Direction direction = Direction.of(e);
    if (active.at(arg(e, 0))) {
      add(arg(e, 0), trace.transmit(c, x(e, 1), rows, direction.reversed()));
    }
    if (active.at(arg(e, 1))) {
      int synapses = type(e, 1).length();
      boolean along = direction == Direction.ALONG;
      Expr byWeight =
          along
              ? trace.pair(x(e, 0), c, rows, synapses)
              : trace.pair(c, floats(e, 0), rows, synapses);
      add(arg(e, 1), byWeight);
    }
  }

  private void pair(Equation e, Rows rows, Expr c) {
    if (active.at(arg(e, 0))) {
      add(arg(e, 0), trace.transmit(x(e, 1), c, rows, Direction.AGAINST));
    }
    if (active.at(arg(e, 1))) {
      add(arg(e, 1), trace.transmit(x(e, 0), c, rows, Direction.ALONG));
    }
  }

  /** An operand of a product as a float vector. */
  private Expr floats(Equation e, int k) {
    Expr x = x(e, k);
    return x.type().dtype() == DType.EVENTS ? trace.mark(x, e.type().dtype()) : x;
  }

  private static int arg(Equation e, int k) {
    return e.args().get(k);
  }

  private Type type(Equation e, int k) {
    return step.at(arg(e, k)).type();
  }

  private Expr x(Equation e, int k) {
    return primal.value(arg(e, k));
  }
}

package spindle.grad;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Trace;
import spindle.ir.Variable;

/** The values of a program, computed again in another trace: each when it is first asked for. */
final class Primal {
  private final Program program;
  private final Trace trace;
  private final Function<Equation, Expr> loads;
  private final Expr[] values;
  private final Set<Integer> asked = new TreeSet<>();

  /**
   * Copies nothing yet.
   *
   * @param loads what a LOAD or RECENT becomes
   */
  Primal(Program program, Trace trace, Function<Equation, Expr> loads) {
    this.program = program;
    this.trace = trace;
    this.loads = loads;
    this.values = new Expr[program.equations().size()];
  }

  /** The values of all that is written in a trace so far, as they are. */
  static Primal written(Trace trace) {
    var primal = new Primal(trace.finish(), trace, Primal::missing);
    Arrays.setAll(primal.values, trace::value);
    return primal;
  }

  Program program() {
    return program;
  }

  Trace trace() {
    return trace;
  }

  /** The value of equation {@code place}. */
  Expr value(int place) {
    asked.add(place);
    if (values[place] == null) {
      for (int i : missing(place)) {
        values[i] = copy(program.at(i), operands(program.at(i)));
      }
    }
    return values[place];
  }

  private List<Expr> operands(Equation e) {
    return e.args().stream().map(a -> values[a]).toList();
  }

  /** Sets a value instead of computing it. */
  void give(int place, Expr value) {
    values[place] = value;
  }

  /** The places that were asked for so far. */
  Set<Integer> asked() {
    return asked;
  }

  /** What a LOAD or RECENT of a variable is in a trace that declares it too. */
  static Expr load(Trace trace, Variable v, Equation e) {
    int from = (int) e.value();
    return e.op() == Op.LOAD
        ? trace.load(v.name(), from)
        : trace.recent(v.name(), v.history(), from, from + e.type().length() / v.history());
  }

  private static Expr missing(Equation e) {
    throw new IllegalStateException(e + " is not written");
  }

  /** What is not there yet of all that a value depends on, in order. */
  private Set<Integer> missing(int place) {
    var missing = new TreeSet<Integer>();
    var open = new ArrayDeque<Integer>(List.of(place));
    while (!open.isEmpty()) {
      int i = open.pop();
      if (values[i] == null && missing.add(i)) {
        open.addAll(program.at(i).args());
      }
    }
    return missing;
  }

  private Expr copy(Equation e, List<Expr> x) {
    int at = (int) e.value();
    int length = e.type().length();
    return switch (e.op()) {
      case CONST -> trace.constant(e.type().dtype(), e.value());
      case PARAM -> trace.parameter(e.name(), e.type().dtype());
      case TIME -> trace.time();
      case INDEX -> trace.index(length);
      case LOAD, RECENT -> loads.apply(e);
      case GATHER -> trace.gather(x.get(0), x.get(1));
      case SUM -> trace.sum(x.get(0));
      case SLICE -> trace.slice(x.get(0), at, at + length);
      case COLLECT -> trace.collect(x.get(0));
      case MARK -> trace.mark(x.get(0), e.type().dtype());
      case PAD -> trace.pad(x.get(0), at, length);
      case SCATTER -> trace.scatter(x.get(0), x.get(1), length);
      case PROPAGATE ->
          trace.propagate(x.get(0), program.rows(e.name()), Direction.of(e), e.type().dtype());
      case TRANSMIT -> trace.transmit(x.get(0), x.get(1), program.rows(e.name()), Direction.of(e));
      case PAIR -> trace.pair(x.get(0), x.get(1), program.rows(e.name()), length);
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND, XOR, SHL, SHR ->
          trace.repeat(e, x);
      case CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT, EXP, EXPM1, LOG, TANH, SIN ->
          trace.repeat(e, x);
      case EXPREL, COS, UNIFORM, PROXY, STOP -> trace.repeat(e, x);
    };
  }
}

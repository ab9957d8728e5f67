package spindle.ir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Rewrites a program for execution: elementary functions and random numbers become single IEEE and
 * integer operations, gradient marks disappear, and what nothing uses is dropped.
 */
public final class Lower {
  private final Program source;
  private final Trace trace;
  private final Expr[] values;
  private final Range[] ranges;

  private Lower(Program source) {
    this.source = source;
    this.trace = new Trace(source.name());
    this.values = new Expr[source.equations().size()];
    this.ranges = Range.of(source);
  }

  /** The program as backends run it; lowering twice changes nothing. */
  public static Program of(Program program) {
    return new Lower(program).run();
  }

  private Program run() {
    source.variables().forEach(trace::declare);
    Set<Integer> live = live(source);
    for (int i = 0; i < values.length; i++) {
      if (live.contains(i)) {
        values[i] = rewrite(source.at(i));
      }
    }
    source.updates().forEach(u -> trace.store(u.variable(), values[u.value()]));
    return sweep(trace.finish());
  }

  /** Folding may leave operands that nothing uses; renumber without them. */
  private static Program sweep(Program p) {
    Set<Integer> live = live(p);
    if (live.size() == p.equations().size()) {
      return p;
    }
    return new Lower(p).run();
  }

  /** Places whose value reaches an update; a proxy needs its first operand only. */
  private static Set<Integer> live(Program p) {
    var live = new HashSet<Integer>();
    var open = new ArrayList<Integer>();
    p.updates().forEach(u -> open.add(u.value()));
    while (!open.isEmpty()) {
      int i = open.remove(open.size() - 1);
      if (live.add(i)) {
        List<Integer> args = p.at(i).args();
        open.addAll(p.at(i).op() == Op.PROXY ? args.subList(0, 1) : args);
      }
    }
    return live;
  }

  private Expr rewrite(Equation e) {
    Expr a = e.args().isEmpty() ? null : values[e.args().get(0)];
    return switch (e.op()) {
      case EXP -> Elementary.exp(a, range(e));
      case EXPM1 -> Elementary.expm1(a, range(e));
      case EXPREL -> Elementary.exprel(a, range(e));
      case LOG -> Elementary.log(a);
      case TANH -> Elementary.tanh(a);
      case SIN -> Elementary.sin(a);
      case COS -> Elementary.cos(a);
      case UNIFORM ->
          Elementary.uniform(e.type().dtype(), a, values[e.args().get(1)], values[e.args().get(2)]);
      case PROXY, STOP -> a;
      case PROPAGATE, TRANSMIT, PAIR ->
          trace.product(e, lowered(source.rows(e.name())), operands(e));
      case PARAM -> trace.parameter(e.name(), e.type().dtype());
      case CONST, TIME, INDEX, LOAD, RECENT, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER ->
          copy(e);
      case DIV -> quotient(e);
      case ADD, SUB, MUL, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND, XOR, SHL, SHR, CAST ->
          trace.repeat(e, operands(e));
      case SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT -> trace.repeat(e, operands(e));
    };
  }

  /**
   * The range of the operand; constants are treated as arguments, so that folding changes no bit.
   */
  private Range range(Equation e) {
    int operand = e.args().get(0);
    return source.at(operand).op() == Op.CONST ? Range.ANYWHERE : ranges[operand];
  }

  /** What is divided by a quotient needs one division. */
  private Expr quotient(Equation e) {
    Equation below = source.at(e.args().get(1));
    if (below.op() != Op.EXPREL) {
      return trace.repeat(e, operands(e));
    }
    Expr above = values[e.args().get(0)];
    return Elementary.overExprel(above, values[below.args().get(0)], range(below));
  }

  private Expr copy(Equation e) {
    List<Integer> args = operands(e).stream().map(Expr::place).toList();
    return trace.write(e.op(), e.type(), args, e.name(), e.value());
  }

  private List<Expr> operands(Equation e) {
    return e.args().stream().map(i -> values[i]).toList();
  }

  private static Rows lowered(Rows r) {
    return r.with(of(r.body()));
  }
}

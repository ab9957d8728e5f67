package spindle.grad;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;

/** Forward mode: the tangent of each active value from those of its operands, in order. */
final class Tangents {
  private final Primal primal;
  private final Activity active;
  private final Seeds seeds;
  private final Trace trace;
  private final Expr[] tangents;

  /**
   * The tangents of inputs.
   *
   * @param loads of an active LOAD or RECENT
   * @param parameters of an active parameter
   */
  record Seeds(Function<Equation, Expr> loads, Function<String, Expr> parameters) {}

  /** Writes all tangents. */
  Tangents(Primal primal, Activity active, Seeds seeds) {
    this.primal = primal;
    this.active = active;
    this.seeds = seeds;
    this.trace = primal.trace();
    this.tangents = new Expr[primal.program().equations().size()];
    for (int i = 0; i < tangents.length; i++) {
      if (active.at(i)) {
        tangents[i] = tangent(i);
      }
    }
  }

  /**
   * The tangent of a value, 0 where it is not active.
   *
   * @param type of the value; for events, of their tangent
   */
  Expr of(int place, Type type) {
    return active.at(place) ? Fit.to(trace, tangents[place], type) : Fit.zero(trace, type);
  }

  private Expr tangent(int i) {
    Equation e = primal.program().at(i);
    int at = (int) e.value();
    int length = e.type().length();
    return switch (e.op()) {
      case LOAD, RECENT -> seeds.loads().apply(e);
      case PARAM -> seeds.parameters().apply(e.name());
      case GATHER -> trace.gather(t(e, 0), x(e, 1));
      case SUM -> trace.sum(t(e, 0));
      case SLICE -> Fit.range(trace, t(e, 0), at, length);
      case COLLECT -> t(e, 0);
      case MARK -> t(e, 0).as(e.type().dtype());
      case PAD -> trace.pad(t(e, 0), at, length);
      case SCATTER -> trace.scatter(t(e, 0), x(e, 1), length);
      case PROPAGATE -> total(propagate(e));
      case TRANSMIT, PAIR -> total(bilinear(e));
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, CAST, SCALE, MANTISSA, SELECT ->
          Fit.to(trace, total(elementwise(i)), e.type());
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, PROXY ->
          Fit.to(trace, total(elementwise(i)), e.type());
      case CONST, TIME, INDEX, FLOOR, AND, XOR, SHL, SHR, EXPONENT, HEAVISIDE, UNIFORM, STOP ->
          throw new IllegalStateException(e + " has no tangent");
    };
  }

  private static Expr total(List<Expr> parts) {
    return parts.stream().reduce(Expr::plus).orElseThrow();
  }

  private boolean has(Equation e, int k) {
    return active.at(e.args().get(k)) && Local.flows(e.op(), k);
  }

  private Expr t(Equation e, int k) {
    return tangents[e.args().get(k)];
  }

  private Expr x(Equation e, int k) {
    return primal.value(e.args().get(k));
  }

  private List<Expr> elementwise(int i) {
    Equation e = primal.program().at(i);
    var local = new Local(primal, i);
    return IntStream.range(0, e.args().size())
        .filter(k -> has(e, k))
        .mapToObj(k -> local.times(t(e, k), k))
        .toList();
  }

  /** A product changes with its sources and with every parameter of its weights. */
  private List<Expr> propagate(Equation e) {
    Rows rows = primal.program().rows(e.name());
    Direction direction = Direction.of(e);
    DType dtype = e.type().dtype();
    var parts = new ArrayList<Expr>();
    if (has(e, 0)) {
      parts.add(trace.propagate(t(e, 0).as(dtype), rows, direction, dtype));
    }
    for (String q : RowDerivative.parameters(rows, active.inputs().parameters())) {
      Expr by = trace.propagate(x(e, 0), RowDerivative.of(rows, q), direction, dtype);
      parts.add(by.times(seeds.parameters().apply(q).as(dtype)));
    }
    return parts;
  }

  /** TRANSMIT and PAIR are linear in each of their operands. */
  private List<Expr> bilinear(Equation e) {
    var parts = new ArrayList<Expr>();
    if (has(e, 0)) {
      parts.add(product(e, t(e, 0).as(e.type().dtype()), x(e, 1)));
    }
    if (has(e, 1)) {
      parts.add(product(e, x(e, 0), t(e, 1)));
    }
    return parts;
  }

  private Expr product(Equation e, Expr a, Expr b) {
    Rows rows = primal.program().rows(e.name());
    return e.op() == Op.PAIR
        ? trace.pair(a, b, rows, e.type().length())
        : trace.transmit(a, b, rows, Direction.of(e));
  }
}

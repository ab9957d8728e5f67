package spindle.grad;

import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;

/**
 * One elementwise operation at the point where it is differentiated.
 *
 * <p>Its Jacobian is diagonal, so that a tangent and a cotangent are multiplied by the same factor:
 * this table serves both modes. Operands and result are computed only where a factor needs them.
 *
 * @param primal the values
 * @param place which equation
 */
record Local(Primal primal, int place) {

  /** Whether a change of operand k changes the result to first order, where it is smooth. */
  static boolean flows(Op op, int k) {
    return switch (op) {
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, CAST, MANTISSA -> true;
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS -> true;
      case SCALE -> k == 0;
      case SELECT -> k > 0;
      case PROXY -> k == 1;
      case FLOOR, HEAVISIDE, STOP, UNIFORM, EXPONENT, AND, XOR, SHL, SHR -> false;
      case GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER, PROPAGATE, TRANSMIT, PAIR -> true;
      case CONST, PARAM, TIME, INDEX, LOAD, RECENT -> false;
    };
  }

  /**
   * c times the derivative by operand k, for an operand from which the result {@link #flows}.
   *
   * <p>Where a minimum or maximum is tied, its first operand takes all; |x| is flat at 0.
   *
   * @return with the element type of c
   */
  Expr times(Expr c, int k) {
    return switch (op()) {
      case ADD, CAST, PROXY -> c;
      case SUB -> k == 0 ? c : c.negated();
      case MUL ->
          mayVanish(1 - k) ? x(1 - k).select(c.times(x(1 - k)), c.like(0)) : c.times(x(1 - k));
      case DIV -> k == 0 ? c.over(x(1)) : c.times(y()).over(x(1)).negated();
      case FMA -> k == 2 ? c : c.times(x(1 - k));
      case NEG -> c.negated();
      case ABS -> c.times(x(0).heaviside().minus(x(0).negated().heaviside()));
      case SQRT -> c.over(y().times(2));
      case MIN -> c.times(taken(x(1).atLeast(x(0)), k));
      case MAX -> c.times(taken(x(0).atLeast(x(1)), k));
      case SCALE -> c.apply(Op.SCALE, x(1).as(c.type().dtype()));
      case MANTISSA -> c.times(y().over(x(0))); // 2^-exponent, exactly
      case SELECT -> k == 1 ? x(0).select(c, c.like(0)) : x(0).select(c.like(0), c);
      case EXP -> c.times(y());
      case EXPM1 -> c.times(y().plus(1));
      case EXPREL -> c.times(exprelSlope(x(0), y()));
      case LOG -> c.over(x(0));
      case TANH -> c.times(y().times(y()).from(1));
      case SIN -> c.times(x(0).apply(Op.COS));
      case COS -> c.times(x(0).apply(Op.SIN)).negated();
      case FLOOR, HEAVISIDE, STOP, UNIFORM, EXPONENT, AND, XOR, SHL, SHR -> throw none();
      case GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER, PROPAGATE, TRANSMIT, PAIR ->
          throw none();
      case CONST, PARAM, TIME, INDEX, LOAD, RECENT -> throw none();
    };
  }

  private Op op() {
    return primal.program().at(place).op();
  }

  private Expr x(int k) {
    return primal.value(primal.program().at(place).args().get(k));
  }

  private Expr y() {
    return primal.value(place);
  }

  /**
   * Whether operand k is the factor of a compact surrogate: one that gradients stop at and that is
   * 0 over whole ranges. Where it is, the product is 0 whatever the other factor, which then need
   * not be computed.
   */
  private boolean mayVanish(int k) {
    Program p = primal.program();
    Equation e = p.at(p.at(place).args().get(k));
    return e.op() == Op.STOP && isCutOff(p, p.at(e.args().get(0)));
  }

  private static boolean isCutOff(Program p, Equation e) {
    return switch (e.op()) {
      case MIN, MAX, SELECT, HEAVISIDE -> true;
      case MUL -> e.args().stream().anyMatch(a -> isCutOff(p, p.at(a)));
      case DIV, NEG, ABS, CAST, SCALE, SQRT -> isCutOff(p, p.at(e.args().get(0)));
      case ADD, SUB, FMA, FLOOR, AND, XOR, SHL, SHR, EXPONENT, MANTISSA, EXP, EXPM1 -> false;
      case EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP, CONST, PARAM, TIME, INDEX -> false;
      case LOAD, RECENT, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER -> false;
      case PROPAGATE, TRANSMIT, PAIR -> false;
    };
  }

  /**
   * The slope of y = (e^x - 1) / x: y - (y - 1) / x, and near 0, where that cancels, its series 1/2
   * + 2 x/3! + 3 x^2/4! + ...
   */
  private static Expr exprelSlope(Expr x, Expr y) {
    int terms = x.type().dtype() == DType.F32 ? 7 : 13;
    double factorial = 1;
    for (int n = 2; n <= terms + 1; n++) {
      factorial *= n;
    }
    Expr series = x.like(terms / factorial);
    for (int n = terms - 1; n >= 1; n--) {
      factorial /= n + 2;
      series = series.times(x).plus(n / factorial);
    }
    Expr near = x.times(x).from(0.0625).heaviside();
    Expr apart = near.select(x.like(1), x);
    return near.select(series, y.minus(y.minus(1).over(apart)));
  }

  private static Expr taken(Expr first, int k) {
    return k == 0 ? first : first.from(1);
  }

  private IllegalStateException none() {
    return new IllegalStateException(op() + " has no elementwise derivative");
  }
}

package spindle.ir;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Bounds between which a value lies, whatever variables and parameters are, unless it is NaN.
 *
 * @param low lower bound, to rounding
 * @param high upper bound, to rounding
 */
record Range(double low, double high) {
  static final Range ANYWHERE = new Range(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  static Range of(double a, double b) {
    return new Range(Math.min(a, b), Math.max(a, b));
  }

  /** The bounds of each equation's value. */
  static Range[] of(Program p) {
    var ranges = new Range[p.equations().size()];
    for (int i = 0; i < ranges.length; i++) {
      Equation e = p.at(i);
      List<Range> x = e.args().stream().map(a -> ranges[a]).toList();
      Range range =
          switch (e.op()) {
            case CONST -> of(e.value(), e.value());
            case NEG -> x.get(0).negated();
            case ADD -> x.get(0).plus(x.get(1));
            case SUB -> x.get(0).plus(x.get(1).negated());
            case MUL -> x.get(0).times(x.get(1));
            case DIV -> x.get(0).over(x.get(1));
            case FMA -> x.get(0).times(x.get(1)).plus(x.get(2));
            case MIN -> each(Math::min, x.get(0), x.get(1));
            case MAX -> each(Math::max, x.get(0), x.get(1));
            case EXP -> x.get(0).through(StrictMath::exp);
            case EXPM1 -> x.get(0).through(StrictMath::expm1);
            case EXPREL -> x.get(0).through(z -> z == 0 ? 1 : StrictMath.expm1(z) / z);
            case PARAM, TIME, INDEX, LOAD, RECENT, ABS, SQRT, FLOOR, AND, XOR, SHL, SHR -> ANYWHERE;
            case CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT, LOG, TANH, SIN, COS ->
                ANYWHERE;
            case UNIFORM, PROXY, STOP, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER -> ANYWHERE;
            case PROPAGATE, TRANSMIT, PAIR -> ANYWHERE;
          };
      ranges[i] = range.isNumber() ? range : ANYWHERE;
    }
    return ranges;
  }

  /** Whether all of it is closer to 0 than a bound, by more than rounding. */
  boolean within(double bound) {
    return Math.max(-low, high) < bound * (1 - 1e-3);
  }

  /** Whether none of it is above 0. */
  boolean isNegative() {
    return high <= 0;
  }

  private boolean isNumber() {
    return !Double.isNaN(low) && !Double.isNaN(high);
  }

  private static Range each(DoubleBinaryOperator f, Range a, Range b) {
    return new Range(f.applyAsDouble(a.low, b.low), f.applyAsDouble(a.high, b.high));
  }

  /** Through a function that rises. */
  private Range through(DoubleUnaryOperator f) {
    return new Range(f.applyAsDouble(low), f.applyAsDouble(high));
  }

  private Range negated() {
    return new Range(-high, -low);
  }

  private Range plus(Range b) {
    return new Range(low + b.low, high + b.high);
  }

  private Range times(Range b) {
    Range one = of(product(low, b.low), product(low, b.high));
    Range other = of(product(high, b.low), product(high, b.high));
    return new Range(Math.min(one.low, other.low), Math.max(one.high, other.high));
  }

  /** What is unbounded is never infinite here, so that 0 takes it to 0. */
  private static double product(double a, double b) {
    return a == 0 || b == 0 ? 0 : a * b;
  }

  private Range over(Range b) {
    return b.low >= 0 ? times(new Range(1 / b.high, 1 / b.low)) : ANYWHERE;
  }
}

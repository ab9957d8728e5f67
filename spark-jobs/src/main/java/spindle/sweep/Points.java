package spindle.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import spindle.task.Quantity;
import spindle.task.Unit;
import spindle.task.Value;

/**
 * Numbers between two ends, computed in decimals so that {@code lin: [20 nS, 120 nS], n: 6} gives
 * exactly the values a user would write by hand.
 *
 * <p>Numbers that do not end are rounded to 12 significant digits: far below what any model
 * resolves, and the same on every JDK because logarithms come from {@link StrictMath}.
 *
 * @param low first end, in {@code unit}
 * @param high second end, in {@code unit}
 * @param unit unit of the first end
 * @param whole whether points are whole numbers
 * @param step points are multiples of it; 0: any
 */
record Points(BigDecimal low, BigDecimal high, Unit unit, boolean whole, BigDecimal step) {
  private static final MathContext DIGITS = new MathContext(12, RoundingMode.HALF_EVEN);

  /**
   * Points between two values.
   *
   * @param round points are multiples of it, in the unit of {@code low}; 0: any
   */
  static Points between(Value low, Value high, BigDecimal round) {
    if (low instanceof Value.Real a && high instanceof Value.Real b) {
      Unit unit = a.quantity().unit();
      return new Points(
          decimal(a.quantity().in(unit)), decimal(b.quantity().in(unit)), unit, false, round);
    }
    return new Points(
        new BigDecimal(low.toString()),
        new BigDecimal(high.toString()),
        Unit.ONE,
        true,
        round.signum() == 0 ? BigDecimal.ONE : round);
  }

  /** The number that {@code round} is in the unit of a value. */
  static BigDecimal round(Value round, Value like) {
    return round instanceof Value.Real r && like instanceof Value.Real l
        ? decimal(r.quantity().in(l.quantity().unit()))
        : new BigDecimal(round.toString());
  }

  /** Whether both ends are multiples of the step. */
  boolean endOnSteps() {
    return step.signum() == 0
        || (low.remainder(step).signum() == 0 && high.remainder(step).signum() == 0);
  }

  boolean ascending() {
    return low.compareTo(high) < 0;
  }

  boolean positive() {
    return low.signum() > 0;
  }

  /** {@code n} points with both ends. */
  List<Value> spread(int n, boolean logarithmic) {
    var points = new ArrayList<Value>();
    for (int i = 0; i < n; i++) {
      points.add(value(i == 0 ? low : i == n - 1 ? high : inside(i, n - 1, logarithmic)));
    }
    return points;
  }

  /** The point at a fraction {@code u} in [0, 1) of the way, evenly in value or in logarithm. */
  Value at(double u, boolean logarithmic) {
    if (step.signum() > 0 && !logarithmic) {
      BigDecimal count = high.subtract(low).divideToIntegralValue(step).add(BigDecimal.ONE);
      BigDecimal k = count.multiply(new BigDecimal(u)).setScale(0, RoundingMode.FLOOR);
      return value(low.add(k.multiply(step)));
    }
    BigDecimal point =
        logarithmic
            ? geometric(u)
            : low.add(high.subtract(low).multiply(new BigDecimal(u)), MathContext.DECIMAL64);
    return value(point.max(low).min(high));
  }

  private BigDecimal inside(int i, int last, boolean logarithmic) {
    return logarithmic
        ? geometric((double) i / last)
        : low.add(
            high.subtract(low)
                .multiply(BigDecimal.valueOf(i))
                .divide(BigDecimal.valueOf(last), MathContext.DECIMAL64),
            MathContext.DECIMAL64);
  }

  private BigDecimal geometric(double u) {
    double from = StrictMath.log(low.doubleValue());
    double to = StrictMath.log(high.doubleValue());
    return new BigDecimal(StrictMath.exp(from + u * (to - from)));
  }

  private Value value(BigDecimal exact) {
    BigDecimal number =
        step.signum() == 0 ? exact : exact.divide(step, 0, RoundingMode.HALF_EVEN).multiply(step);
    if (whole) {
      return new Value.Count(number.longValueExact());
    }
    BigDecimal rounded =
        number.compareTo(low) == 0 || number.compareTo(high) == 0 ? number : number.round(DIGITS);
    double si = rounded.scaleByPowerOfTen(unit.exponent()).doubleValue();
    return new Value.Real(new Quantity(si, unit));
  }

  private static BigDecimal decimal(double value) {
    return new BigDecimal(Quantity.decimal(value));
  }
}

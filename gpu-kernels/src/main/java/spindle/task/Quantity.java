package spindle.task;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with its unit, held in SI so that {@code 0.02 s} equals {@code 20 ms} to the last bit.
 *
 * <p>Every conversion goes through exact decimals; binary multiplication by 0.001 would make two
 * spellings of one value differ and give one trial two identities.
 *
 * @param si the value in the SI unit of {@code unit.dimension()}; finite
 * @param unit the unit it was written in, used only for printing
 */
public record Quantity(double si, Unit unit) {
  private static final Pattern TEXT =
      Pattern.compile(
          "([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)\\s*((?:[A-Za-z]+2?(?:/c?m2)?)?)");

  public Quantity {
    if (!Double.isFinite(si)) {
      throw new IllegalArgumentException("a quantity must be finite, got " + si);
    }
    si = si == 0 ? 0.0 : si; // -0 and 0 are one value and must have one identity
  }

  /** The quantity {@code value} in {@code unit}. */
  public static Quantity of(double value, Unit unit) {
    return new Quantity(scaled(value, unit.exponent()), unit);
  }

  /**
   * Reads {@code "20 ms"}, {@code "6nS"} or {@code "0.02"}; empty if it is no number with a unit.
   */
  public static Optional<Quantity> parse(String text) {
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      return Optional.empty();
    }
    var value = new BigDecimal(m.group(1));
    return Unit.of(m.group(2))
        .map(u -> new Quantity(value.scaleByPowerOfTen(u.exponent()).doubleValue(), u));
  }

  /** The value in another unit of the same dimension. */
  public double in(Unit target) {
    if (target.dimension() != unit.dimension()) {
      throw new IllegalArgumentException(
          "expected " + target.dimension().label() + ", got " + unit.dimension().label());
    }
    return scaled(si, -target.exponent());
  }

  /**
   * The shortest decimal that reads back as {@code value}, in one spelling on every JDK.
   *
   * <p>{@code Double.toString} is not used: before JDK 19 it sometimes printed one digit too many,
   * and identities are hashes of this text.
   */
  public static String decimal(double value) {
    if (value == 0) {
      return "0";
    }
    return shortest(value).stripTrailingZeros().toString();
  }

  @Override
  public String toString() {
    double value = in(unit);
    double size = Math.abs(value);
    BigDecimal digits = shortest(value).stripTrailingZeros();
    boolean plain = value == 0 || (size >= 1e-9 && size < 1e12);
    String number =
        plain ? digits.toPlainString() : digits.toString().replace("E+", "e").replace('E', 'e');
    return unit.symbol().isEmpty() ? number : number + " " + unit.symbol();
  }

  private static double scaled(double value, int exponent) {
    return exponent == 0 ? value : shortest(value).scaleByPowerOfTen(exponent).doubleValue();
  }

  private static BigDecimal shortest(double value) {
    var exact = new BigDecimal(value);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == value) {
        return rounded;
      }
    }
    return exact.round(new MathContext(17));
  }
}

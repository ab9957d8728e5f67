package spindle.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How numbers are written: few digits, a unit, the same on every machine. */
final class Numbers {
  private Numbers() {}

  /** Four significant digits, without trailing zeros. */
  static String value(double v) {
    return significant(v, 4);
  }

  /** As many significant digits as asked for, without trailing zeros. */
  static String significant(double v, int digits) {
    if (!Double.isFinite(v)) {
      return Double.isNaN(v) ? "–" : v > 0 ? "∞" : "−∞";
    }
    var rounded = new BigDecimal(v).round(new MathContext(digits)).stripTrailingZeros();
    double size = Math.abs(v);
    boolean plain = v == 0 || (size >= 1e-3 && size < 1e7);
    return (plain ? grouped(rounded) : scientific(rounded)).replace('-', '−');
  }

  /** As a label of an axis, where room is scarce: powers of ten from 100,000 on. */
  static String tick(double v) {
    return Math.abs(v) >= 1e5
        ? scientific(new BigDecimal(v).round(new MathContext(4)).stripTrailingZeros())
            .replace('-', '−')
        : value(v);
  }

  /** Rounded to six digits, so that the order of a sum leaves no mark on the page. */
  static double six(double v) {
    return Double.isFinite(v) ? new BigDecimal(v).round(new MathContext(6)).doubleValue() : v;
  }

  private static String grouped(BigDecimal v) {
    String plain = v.toPlainString();
    return v.abs().compareTo(BigDecimal.valueOf(10_000)) < 0
        ? plain
        : String.format(Locale.ROOT, "%,d", v.toBigInteger());
  }

  private static String scientific(BigDecimal v) {
    int exponent = v.precision() - v.scale() - 1;
    return v.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }

  /** A whole number with separators. */
  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  /** A whole number and its noun: {@code 1 trial}, {@code 2 trials}. */
  static String count(long n, String noun) {
    return count(n) + " " + noun + (n == 1 ? "" : "s");
  }

  /** A range of whole numbers, one number if it has no width. */
  static String range(long lo, long hi) {
    return lo == hi ? count(lo) : count(lo) + "–" + count(hi);
  }

  /** A duration given in seconds, in the unit that suits it. */
  static String seconds(double s) {
    if (!Double.isFinite(s)) {
      return "–";
    }
    if (s < 1) {
      return significant(s * 1e3, 3) + " ms";
    }
    if (s < 120) {
      return significant(s, 3) + " s";
    }
    long minutes = Math.round(s / 60);
    return minutes < 120 ? minutes + " min" : (minutes / 60) + " h " + (minutes % 60) + " min";
  }

  /** A number of bytes in the decimal unit that suits it. */
  static String bytes(double b) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    int k = 0;
    while (b >= 1000 && k < units.length - 1) {
      b /= 1000;
      k++;
    }
    return significant(b, 3) + " " + units[k];
  }

  /** A value with its unit after it, if it has one. */
  static String with(String value, String unit) {
    return unit.isEmpty() ? value : value + " " + unit;
  }

  /** A name with its unit in brackets, if it has one. */
  static String title(String name, String unit) {
    return unit.isEmpty() ? name : name + " (" + unit + ")";
  }
}

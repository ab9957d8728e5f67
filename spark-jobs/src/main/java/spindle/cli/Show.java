package spindle.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them. */
final class Show {
  private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB", "PB"};

  private Show() {}

  static String count(long n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  static String count(long n, String noun) {
    return count(n) + " " + noun + (n == 1 ? "" : "s");
  }

  static String seconds(double seconds) {
    if (seconds < 0.9995) {
      return digits(seconds * 1000) + " ms";
    }
    if (seconds < 99.95) {
      return digits(seconds) + " s";
    }
    long s = Math.round(seconds);
    if (s < 5400) {
      return s / 60 + " min " + s % 60 + " s";
    }
    return s < 172_800
        ? s / 3600 + " h " + s % 3600 / 60 + " min"
        : s / 86_400 + " d " + s % 86_400 / 3600 + " h";
  }

  /** A time that is an estimate: two digits. */
  static String about(double seconds) {
    return seconds < 99.5
        ? new BigDecimal(seconds).round(new MathContext(2)).stripTrailingZeros().toPlainString()
            + " s"
        : seconds(Math.rint(seconds / 60) * 60).replace(" 0 s", "");
  }

  static String bytes(double bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < BYTES.length - 1) {
      value /= 1000;
      unit++;
    }
    return digits(value) + " " + BYTES[unit];
  }

  private static String digits(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}

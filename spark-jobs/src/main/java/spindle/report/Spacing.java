package spindle.report;

import java.util.List;

/** How the values of an axis lie, as far as it is known. */
enum Spacing {
  /** Equal steps. */
  LINEAR("linear"),
  /** Equal ratios. */
  LOGARITHMIC("logarithmic"),
  /** Any other numbers, as the sweep names them. */
  LISTED("listed"),
  /** Drawn at random, evenly in value. */
  UNIFORM("random, uniform"),
  /** Drawn at random, evenly in the logarithm. */
  LOG_UNIFORM("random, log-uniform"),
  /** Words. */
  CHOICE("choice");

  /** Values are rounded to 12 digits, whole numbers to the next; neither makes a list of a row. */
  private static final double TOLERANCE = 1e-9;

  private final String words;

  Spacing(String words) {
    this.words = words;
  }

  /** As the page has it. */
  String words() {
    return words;
  }

  boolean logarithmic() {
    return this == LOGARITHMIC || this == LOG_UNIFORM;
  }

  /** What numbers in ascending order show by themselves; two of them show nothing. */
  static Spacing of(List<Double> values) {
    if (values.size() < 3) {
      return LISTED;
    }
    return even(values, false) ? LINEAR : even(values, true) ? LOGARITHMIC : LISTED;
  }

  private static boolean even(List<Double> values, boolean logarithmic) {
    int last = values.size() - 1;
    double from = values.get(0);
    double to = values.get(last);
    if (logarithmic && !(from > 0)) {
      return false;
    }
    boolean whole = values.stream().allMatch(v -> v == Math.rint(v));
    for (int i = 1; i < last; i++) {
      double part = (double) i / last;
      double ideal = logarithmic ? from * Math.pow(to / from, part) : from + (to - from) * part;
      double off = Math.abs(values.get(i) - ideal);
      if (off > TOLERANCE * Math.abs(to) && !(whole && off <= 0.5)) {
        return false;
      }
    }
    return true;
  }
}

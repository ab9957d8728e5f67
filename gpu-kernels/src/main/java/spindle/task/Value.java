package spindle.task;

import java.math.BigDecimal;

/** A checked value of a parameter. */
public sealed interface Value {
  /** A real number in SI with the unit it was written in. */
  record Real(Quantity quantity) implements Value {
    @Override
    public String toString() {
      return quantity.toString();
    }
  }

  /** A whole number. */
  record Count(long count) implements Value {
    @Override
    public String toString() {
      return Long.toString(count);
    }
  }

  /** A word. */
  record Word(String word) implements Value {
    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * The text that identities are hashes of: SI decimal, whole number or word.
   *
   * @return one spelling per value, equal for {@code 20 ms} and {@code 0.02 s}
   */
  default String canonical() {
    if (this instanceof Real n) {
      return Quantity.decimal(n.quantity().si());
    }
    return toString();
  }

  /**
   * Reads and checks a value for a parameter.
   *
   * @param text as the user wrote it: {@code "6 nS"}
   * @throws IllegalArgumentException if the kind, the dimension or the range is wrong; the message
   *     is for the user and says what would be right
   */
  static Value parse(Parameter parameter, String text) {
    return switch (parameter.kind()) {
      case NUMBER -> number(parameter, text);
      case COUNT -> count(parameter, text);
      case CHOICE -> word(parameter, text);
      case TEXT -> new Word(text);
    };
  }

  private static Value number(Parameter p, String text) {
    Quantity q =
        Quantity.parse(text)
            .orElseThrow(() -> bad("expected " + expected(p) + ", got \"" + text + "\""));
    if (q.unit().dimension() != p.unit().dimension()) {
      throw bad(dimensionMessage(p, text, q));
    }
    double value = q.in(p.unit());
    if (p.isPositive() && value > 0 && value < p.min()) {
      throw bad("must be at least " + Quantity.of(p.min(), p.unit()) + ", got " + text);
    }
    if (!(value >= p.min() && value <= p.max())) {
      throw bad("must be in " + p.range() + ", got " + text);
    }
    return new Real(q);
  }

  private static String dimensionMessage(Parameter p, String text, Quantity q) {
    if (q.unit() == Unit.ONE) {
      return "number without unit; did you mean \"" + text + " " + p.unit().symbol() + "\"?";
    }
    return "expected "
        + p.unit().dimension().label()
        + ", got "
        + q.unit().dimension().label()
        + " (\""
        + text
        + "\"); example: \""
        + p.fallback()
        + "\"";
  }

  private static Value count(Parameter p, String text) {
    double value;
    try {
      // BigDecimal takes decimals only, not the "4000d" and "0x10p0" of Java.
      value = new BigDecimal(text.strip()).doubleValue();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("expected a whole number, got \"" + text + "\"", e);
    }
    if (value != Math.rint(value)) {
      throw bad("expected a whole number, got \"" + text + "\"");
    }
    if (!(value >= p.min() && value <= p.max())) {
      throw bad("must be in " + p.range() + ", got " + text);
    }
    return new Count((long) value);
  }

  private static Value word(Parameter p, String text) {
    if (!p.choices().contains(text)) {
      throw bad("expected one of " + p.choices() + ", got \"" + text + "\"");
    }
    return new Word(text);
  }

  private static String expected(Parameter p) {
    return p.unit() == Unit.ONE
        ? "a number"
        : p.unit().dimension().label() + " such as \"" + p.fallback() + "\"";
  }

  private static IllegalArgumentException bad(String message) {
    return new IllegalArgumentException(message);
  }
}

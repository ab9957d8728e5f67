package spindle.task;

import java.util.List;

/**
 * One parameter of a task, as a sweep may name it.
 *
 * @param name dotted name, unique within the task: {@code syn.g_exc}
 * @param kind what its values are
 * @param unit unit of the default and of {@code min} and {@code max}; {@code ONE} for plain values
 * @param fallback default as a user would write it: {@code "6 nS"}, {@code "4000"}, {@code "auto"}
 * @param choices the allowed words of a {@code CHOICE}, else empty
 * @param min smallest allowed value in {@code unit}
 * @param max largest allowed value in {@code unit}
 * @param about one sentence
 * @param source where the default comes from: a paper, a script; empty if it is not said
 * @param use when it is read at all
 */
public record Parameter(
    String name,
    Kind kind,
    Unit unit,
    String fallback,
    List<String> choices,
    double min,
    double max,
    String about,
    String source,
    Use use) {

  /** What the values of a parameter are. */
  public enum Kind {
    /** A real number, with a unit if {@code unit} has a dimension. */
    NUMBER,
    /** A whole number. */
    COUNT,
    /** One word out of {@code choices}. */
    CHOICE,
    /** Any text, such as a path. */
    TEXT
  }

  /**
   * When a parameter is read: if another one is one of some words, or is not zero.
   *
   * @param parameter the other one, empty: always
   * @param words what it must be, empty: it must not be zero
   */
  public record Use(String parameter, List<String> words) {
    /** In every trial. */
    public static final Use ALWAYS = new Use("", List.of());

    public Use {
      words = List.copyOf(words);
    }

    /** Whether the parameter is read with these settings. */
    public boolean holds(Settings settings) {
      if (parameter.isEmpty()) {
        return true;
      }
      Value value = settings.values().get(parameter);
      return words.isEmpty() ? !value.canonical().equals("0") : words.contains(value.toString());
    }
  }

  public Parameter {
    choices = List.copyOf(choices);
    if ((kind == Kind.CHOICE) != !choices.isEmpty()) {
      throw new IllegalArgumentException(name + ": exactly a CHOICE has choices, got " + choices);
    }
  }

  /** A real-valued parameter; bounds are in the unit of {@code fallback}. */
  public static Parameter number(
      String name, String fallback, double min, double max, String about) {
    Unit unit = Quantity.parse(fallback).orElseThrow().unit();
    return new Parameter(
        name, Kind.NUMBER, unit, fallback, List.of(), min, max, about, "", Use.ALWAYS);
  }

  /** A whole-numbered parameter. */
  public static Parameter count(String name, long fallback, long min, long max, String about) {
    return new Parameter(
        name,
        Kind.COUNT,
        Unit.ONE,
        Long.toString(fallback),
        List.of(),
        min,
        max,
        about,
        "",
        Use.ALWAYS);
  }

  /** A parameter that takes any text. */
  public static Parameter text(String name, String fallback, String about) {
    return new Parameter(
        name, Kind.TEXT, Unit.ONE, fallback, List.of(), 0, 0, about, "", Use.ALWAYS);
  }

  /** A parameter that takes one of the given words; the first is the default. */
  public static Parameter choice(String name, List<String> choices, String about) {
    return new Parameter(
        name, Kind.CHOICE, Unit.ONE, choices.get(0), choices, 0, 0, about, "", Use.ALWAYS);
  }

  /** What its numbers may be: {@code [0 nS, 100 nS]}, {@code (0 ms, inf)}. */
  public String range() {
    String low = isPositive() ? "(" + bound(0) : (Double.isFinite(min) ? "[" : "(") + bound(min);
    return low + ", " + bound(max) + (Double.isFinite(max) ? "]" : ")");
  }

  private String bound(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return kind == Kind.COUNT ? Long.toString((long) value) : Quantity.of(value, unit).toString();
  }

  /** Whether its smallest value, such as 1e-9 ms, stands for all that is above 0. */
  boolean isPositive() {
    return kind == Kind.NUMBER && min > 0 && min <= 1e-6;
  }

  /** Whether its values are words or text, which nothing lies between. */
  public boolean isText() {
    return kind == Kind.CHOICE || kind == Kind.TEXT;
  }

  /** The same parameter with the source of its default. */
  public Parameter from(String where) {
    return new Parameter(name, kind, unit, fallback, choices, min, max, about, where, use);
  }

  /**
   * The same parameter, read only where another one is one of these words, or without any not 0.
   */
  public Parameter usedWhen(String parameter, String... words) {
    var when = new Use(parameter, List.of(words));
    return new Parameter(name, kind, unit, fallback, choices, min, max, about, source, when);
  }
}

package spindle.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import spindle.task.Quantity;
import spindle.task.Unit;

/**
 * A piece of an expression.
 *
 * @param text as written
 * @param si as the evaluator reads it: quantities are plain numbers in SI
 */
record Token(Kind kind, String text, String si) {
  /** What a piece is. */
  enum Kind {
    NUMBER,
    NAME,
    WORD,
    COMPARISON,
    OTHER
  }

  private static final Pattern PIECE =
      Pattern.compile(
          "(?<word>'[^']*'|\"[^\"]*\")"
              + "|(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)(?:\\s*(?<unit>[A-Za-z]+2?(?:/c?m2)?)\\b)?"
              + "|(?<name>[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)*)"
              + "|(?<comparison>[<>=!]=|[<>])"
              + "|(?<other>&&|\\|\\||\\S)");

  private static final Set<String> COMPARISONS = Set.of("eq", "ne", "lt", "le", "gt", "ge");
  private static final Set<String> OPERATORS = Set.of("and", "or", "not", "div", "mod");

  /**
   * The pieces of an expression.
   *
   * @throws IllegalArgumentException for an unknown unit or an operator that does something else
   *     than it seems; the message is for the user
   */
  static List<Token> split(String text) {
    var tokens = new ArrayList<Token>();
    Matcher m = PIECE.matcher(text);
    while (m.find()) {
      if (m.group("number") != null) {
        addNumber(tokens, m.group("number"), m.group("unit") == null ? "" : m.group("unit"));
      } else if (m.group("word") != null) {
        tokens.add(new Token(Kind.WORD, m.group(), m.group()));
      } else if (m.group("name") != null) {
        tokens.add(named(m.group()));
      } else {
        Kind kind = m.group("comparison") != null ? Kind.COMPARISON : Kind.OTHER;
        tokens.add(new Token(kind, allowed(m.group()), m.group()));
      }
    }
    return tokens;
  }

  /** Whether it opens, closes or joins conditions, or negates one. */
  boolean logical() {
    return Set.of("&&", "||", "!", "(", ")", "and", "or", "not").contains(text);
  }

  private static void addNumber(List<Token> tokens, String number, String unit) {
    boolean operator = COMPARISONS.contains(unit) || OPERATORS.contains(unit);
    String symbol = operator ? "" : unit;
    String written = symbol.isEmpty() ? number : number + " " + symbol;
    double si =
        Quantity.parse(written)
            .orElseThrow(() -> new IllegalArgumentException(unknownUnit(written, symbol)))
            .si();
    tokens.add(new Token(Kind.NUMBER, written, Double.toString(si) + "d"));
    if (operator) {
      tokens.add(named(unit));
    }
  }

  private static Token named(String word) {
    Kind kind =
        COMPARISONS.contains(word)
            ? Kind.COMPARISON
            : OPERATORS.contains(word) ? Kind.OTHER : Kind.NAME;
    return new Token(kind, word, word);
  }

  private static String unknownUnit(String written, String symbol) {
    List<String> units = Arrays.stream(Unit.values()).map(Unit::symbol).toList();
    return "unknown unit in \"" + written + "\"" + Nearest.hint(symbol, units);
  }

  private static String allowed(String operator) {
    return switch (operator) {
      case "^" -> throw new IllegalArgumentException("\"^\" is no power; write pow(a, b)");
      case "&", "|", "~", ";", "=", "`", "\"", "'" ->
          throw new IllegalArgumentException("unexpected \"" + operator + "\"");
      default -> operator;
    };
  }
}

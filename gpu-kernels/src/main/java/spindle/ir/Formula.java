package spindle.ir;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Arithmetic as text, of which a trace makes equations: {@code alpha / 2 * exp(-alpha * abs(x))}.
 *
 * <p>Numbers, names, {@code + - * /}, parentheses and the functions abs, sqrt, exp, expm1, log,
 * tanh, sin, cos, floor, step (1 from 0 on, else 0), min, max and pow (of a positive base). A power
 * has no sign of its own, as in the conditions of a sweep.
 */
public final class Formula {
  private static final Map<String, Op> FUNCTIONS =
      Map.ofEntries(
          Map.entry("abs", Op.ABS),
          Map.entry("sqrt", Op.SQRT),
          Map.entry("exp", Op.EXP),
          Map.entry("expm1", Op.EXPM1),
          Map.entry("log", Op.LOG),
          Map.entry("tanh", Op.TANH),
          Map.entry("sin", Op.SIN),
          Map.entry("cos", Op.COS),
          Map.entry("floor", Op.FLOOR),
          Map.entry("step", Op.HEAVISIDE),
          Map.entry("min", Op.MIN),
          Map.entry("max", Op.MAX));

  private static final String POWER = "pow";

  private final String text;
  private final Node root;
  private final Set<String> names = new TreeSet<>();

  private Formula(String text) {
    this.text = text;
    var reader = new Reader();
    this.root = reader.sum();
    reader.expectEnd();
  }

  /**
   * Reads a formula.
   *
   * @throws IllegalArgumentException if it is none, with the place; the message is for the user
   */
  public static Formula parse(String text) {
    return new Formula(text);
  }

  /** As written. */
  public String text() {
    return text;
  }

  /** The names it uses. */
  public Set<String> names() {
    return Set.copyOf(names);
  }

  /**
   * Writes its equations.
   *
   * @param like what constants take their element type from
   * @param values of all its names
   */
  public Expr on(Expr like, Map<String, Expr> values) {
    return root.on(like, values);
  }

  /** A formula that has been read. */
  private interface Node {
    Expr on(Expr like, Map<String, Expr> values);
  }

  private static Node binary(Op op, Node a, Node b) {
    return (like, values) -> a.on(like, values).apply(op, b.on(like, values));
  }

  /** Descends by precedence: sum, product, sign, operand. */
  private final class Reader {
    private int at;

    Node sum() {
      Node node = product();
      while (peek() == '+' || peek() == '-') {
        Op op = text.charAt(at++) == '+' ? Op.ADD : Op.SUB;
        node = binary(op, node, product());
      }
      return node;
    }

    private Node product() {
      Node node = signed();
      while (peek() == '*' || peek() == '/') {
        Op op = text.charAt(at++) == '*' ? Op.MUL : Op.DIV;
        node = binary(op, node, signed());
      }
      return node;
    }

    private Node signed() {
      if (peek() == '-') {
        at++;
        Node node = signed();
        return (like, values) -> node.on(like, values).negated();
      }
      return operand();
    }

    private Node operand() {
      char c = peek();
      if (c == '(') {
        at++;
        Node node = sum();
        expect(')');
        return node;
      }
      if (Character.isDigit(c) || c == '.') {
        return number();
      }
      if (Character.isLetter(c) || c == '_') {
        return named();
      }
      throw unexpected();
    }

    private Node number() {
      int from = at;
      while (at < text.length() && isOfNumber(from)) {
        at++;
      }
      try {
        double value = Double.parseDouble(text.substring(from, at));
        return (like, values) -> like.like(value);
      } catch (NumberFormatException e) {
        throw bad("\"" + text.substring(from, at) + "\" is no number", from, e);
      }
    }

    private boolean isOfNumber(int from) {
      char c = text.charAt(at);
      boolean exponent = at > from && (text.charAt(at - 1) | 0x20) == 'e';
      return Character.isDigit(c)
          || c == '.'
          || (c | 0x20) == 'e'
          || (exponent && "+-".indexOf(c) >= 0);
    }

    private Node named() {
      int from = at;
      while (at < text.length() && isOfName(text.charAt(at))) {
        at++;
      }
      String name = text.substring(from, at);
      if (peek() == '(') {
        return call(name, from);
      }
      names.add(name);
      return (like, values) -> values.get(name);
    }

    private boolean isOfName(char c) {
      return Character.isLetterOrDigit(c) || c == '_' || c == '.';
    }

    private Node call(String name, int from) {
      Op op = FUNCTIONS.get(name);
      if (op == null && !name.equals(POWER)) {
        throw bad(
            "no function \"" + name + "\"; known: " + new TreeSet<>(FUNCTIONS.keySet()) + ", pow",
            from,
            null);
      }
      List<Node> args = arguments();
      int arity = op == null ? 2 : op.arity();
      if (args.size() != arity) {
        throw bad(name + " takes " + arity + ", got " + args.size(), from, null);
      }
      Node a = args.get(0);
      if (op == null) {
        // a^b = e^(b ln a)
        return (like, values) -> args.get(1).on(like, values).times(a.on(like, values).log()).exp();
      }
      return arity == 2
          ? binary(op, a, args.get(1))
          : (like, values) -> a.on(like, values).apply(op);
    }

    private List<Node> arguments() {
      var args = new ArrayList<Node>();
      do {
        at++; // the parenthesis or a comma
        args.add(sum());
      } while (peek() == ',');
      expect(')');
      return args;
    }

    /** The next character that is no space; 0 at the end. */
    private char peek() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(char c) {
      if (peek() != c) {
        throw unexpected();
      }
      at++;
    }

    void expectEnd() {
      if (peek() != 0) {
        throw unexpected();
      }
    }

    private IllegalArgumentException unexpected() {
      char c = peek();
      if (c == '^') {
        return bad("\"^\" is no power; write pow(a, b)", at, null);
      }
      return bad(c == 0 ? "it ends too early" : "unexpected \"" + c + "\"", at, null);
    }

    private IllegalArgumentException bad(String why, int place, Exception cause) {
      return new IllegalArgumentException(
          "cannot read \"" + text + "\" at " + (place + 1) + ": " + why, cause);
    }
  }
}

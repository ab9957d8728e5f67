package spindle.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.jexl3.JexlArithmetic;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlContext;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlFeatures;
import org.apache.commons.jexl3.JexlScript;
import org.apache.commons.jexl3.introspection.JexlPermissions;
import org.apache.commons.logging.impl.NoOpLog;
import spindle.task.Value;

/**
 * A {@code where} or {@code derive} expression: arithmetic, comparison and logic over parameters in
 * SI, and the functions of {@link StrictMath}, so that it decides alike on every platform.
 *
 * <p>It can do nothing else: no assignment, loop, object, method call or array.
 */
final class Expression {
  private static final JexlEngine ENGINE = engine();

  private final String text;
  private final JexlScript script;
  private final List<Token> tokens;

  private Expression(String text, JexlScript script, List<Token> tokens) {
    this.text = text;
    this.script = script;
    this.tokens = tokens;
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException if it is none; the message is for the user
   */
  static Expression parse(String text) {
    List<Token> tokens = Token.split(text);
    String si = tokens.stream().map(Token::si).collect(Collectors.joining(" "));
    try {
      return new Expression(text, ENGINE.createScript(si), tokens);
    } catch (JexlException e) {
      String where = e instanceof JexlException.Parsing ? near(tokens, e) : "";
      throw new IllegalArgumentException("cannot read \"" + text + "\": " + reason(e) + where, e);
    }
  }

  /** Which piece the parser did not expect: it counts columns of the text in SI. */
  private static String near(List<Token> tokens, JexlException e) {
    int column = e.getInfo() == null ? 0 : e.getInfo().getColumn();
    int end = 0;
    for (int i = 0; i + 1 < tokens.size(); i++) {
      end += tokens.get(i).si().length() + 1;
      if (column <= end) {
        return " near \"" + tokens.get(i).text() + "\"";
      }
    }
    return " at its end; a name, number or \")\" may be missing";
  }

  String text() {
    return text;
  }

  List<Token> tokens() {
    return tokens;
  }

  /** The dotted names it uses. */
  Set<String> names() {
    return script.getVariables().stream()
        .map(parts -> String.join(".", parts))
        .collect(Collectors.toSet());
  }

  /**
   * Whether the condition holds.
   *
   * @param values numbers in SI and words, per name
   */
  boolean holds(Values values) {
    if (evaluate(values) instanceof Boolean b) {
      return b;
    }
    throw new IllegalArgumentException("\"" + text + "\" is no condition; write a comparison");
  }

  /** Its value, a finite number in SI. */
  double number(Values values) {
    if (evaluate(values) instanceof Number n && Double.isFinite(n.doubleValue())) {
      return n.doubleValue();
    }
    throw new IllegalArgumentException("\"" + text + "\" gives no finite number");
  }

  private Object evaluate(Values values) {
    try {
      return script.execute(values);
    } catch (JexlException e) {
      throw new IllegalArgumentException("cannot compute \"" + text + "\": " + reason(e), e);
    }
  }

  private static String reason(JexlException e) {
    if (e instanceof JexlException.Method m) {
      return "no function \"" + m.getMethod() + "\"; use those of java.lang.StrictMath";
    }
    if (e instanceof JexlException.Parsing) {
      return "syntax error";
    }
    if (e instanceof JexlException.Feature) {
      return "only arithmetic, comparison, logic and functions are allowed";
    }
    return e.getCause() instanceof ArithmeticException a
            && !String.valueOf(a.getMessage()).isEmpty()
        ? "division by zero or a word where a number is needed"
        : "a word where a number is needed";
  }

  private static JexlEngine engine() {
    var features =
        new JexlFeatures()
            .annotation(false)
            .arrayReferenceExpr(false)
            .importPragma(false)
            .lambda(false)
            .loops(false)
            .methodCall(false)
            .namespacePragma(false)
            .newInstance(false)
            .pragma(false)
            .register(false)
            .script(false)
            .sideEffect(false)
            .sideEffectGlobal(false)
            .structuredLiteral(false);
    Map<String, Object> functions = new HashMap<>();
    functions.put(null, StrictMath.class); // JEXL's key for functions without a prefix
    return new JexlBuilder()
        .arithmetic(new JexlArithmetic(true))
        .features(features)
        .logger(new NoOpLog())
        .namespaces(functions)
        .permissions(JexlPermissions.RESTRICTED)
        .safe(false)
        .silent(false)
        .strict(true)
        .create();
  }

  /** Values by name: numbers in SI as {@link Double}, words as {@link String}. */
  static final class Values implements JexlContext {
    private final Map<String, Object> shared;
    private final Map<String, Object> own = new HashMap<>();

    /** Values of one point over those that all points share. */
    Values(Map<String, Object> shared) {
      this.shared = shared;
    }

    static Object of(Value value) {
      if (value instanceof Value.Real real) {
        return real.quantity().si();
      }
      return value instanceof Value.Count count
          ? (Object) (double) count.count()
          : value.toString();
    }

    @Override
    public Object get(String name) {
      return own.containsKey(name) ? own.get(name) : shared.get(name);
    }

    @Override
    public void set(String name, Object value) {
      own.put(name, value);
    }

    @Override
    public boolean has(String name) {
      return own.containsKey(name) || shared.containsKey(name);
    }
  }
}

package spindle.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import spindle.task.Dimension;
import spindle.task.Parameter;
import spindle.task.Quantity;
import spindle.task.Unit;

/** Reads {@code derive:} and {@code where:} and checks every name and unit in them. */
final class ConditionReader {
  private final Model model;
  private final Set<String> axes;
  private final Problems problems;
  private final Set<String> derived = new LinkedHashSet<>();
  private final Set<String> later = new LinkedHashSet<>();

  ConditionReader(Model model, Set<String> axes, Problems problems) {
    this.model = model;
    this.axes = axes;
    this.problems = problems;
  }

  List<Selection.Derived> derive(Keys top, Set<String> fixed) {
    var read = new ArrayList<Selection.Derived>();
    Optional<Node.Mapping> mapping = top.take("derive").flatMap(top::mapping);
    if (mapping.isEmpty()) {
      return read;
    }
    mapping.get().entries().forEach(e -> later.add(e.key()));
    for (Node.Entry entry : mapping.get().entries()) {
      var field = new Field("derive." + entry.key(), entry.at(), entry.value());
      later.remove(entry.key());
      checkName(field, entry.key(), fixed);
      expression(top, field).ifPresent(e -> read.add(new Selection.Derived(entry.key(), e.text())));
      derived.add(entry.key());
    }
    return read;
  }

  /** The conditions with their places. */
  Map<String, At> where(Keys top) {
    var read = new LinkedHashMap<String, At>();
    Optional<Field> field = top.take("where");
    if (field.isPresent()) {
      List<Field> items =
          field.get().value() instanceof Node.Scalar
              ? List.of(field.get())
              : top.items(field.get());
      for (Field item : items) {
        expression(top, item).ifPresent(e -> read.put(e.text(), item.at()));
      }
    }
    return read;
  }

  private void checkName(Field field, String name, Set<String> fixed) {
    String clash = axes.contains(name) ? "an axis" : fixed.contains(name) ? "fixed" : "";
    if (!clash.isEmpty()) {
      problems.add(field.keyAt(), field.path() + ": \"" + name + "\" is already " + clash);
    } else if (!name.matches("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*")) {
      problems.add(field.keyAt(), field.path() + ": a name has letters, digits, _ and dots");
    } else if (model.parameter(name).filter(Parameter::isText).isPresent()) {
      problems.add(field.keyAt(), field.path() + ": only numbers can be derived, not words");
    }
  }

  private Optional<Expression> expression(Keys top, Field field) {
    return top.text(field)
        .flatMap(
            text -> {
              try {
                Expression expression = Expression.parse(text);
                return namesKnown(field, expression) && unitsFit(field, expression)
                    ? Optional.of(expression)
                    : Optional.empty();
              } catch (IllegalArgumentException e) {
                problems.add(field.at(), field.path() + ": " + e.getMessage());
                return Optional.empty();
              }
            });
  }

  private boolean namesKnown(Field field, Expression expression) {
    boolean known = true;
    for (String name : new TreeSet<>(expression.names())) {
      if (!derived.contains(name) && model.parameter(name).isEmpty()) {
        known = false;
        problems.add(field.at(), field.path() + ": " + unknown(name));
      }
    }
    return known;
  }

  private String unknown(String name) {
    if (later.contains(name)) {
      return "uses \"" + name + "\", which is derived later; move it up";
    }
    boolean word =
        model.description().parameters().stream().anyMatch(p -> p.choices().contains(name));
    if (word) {
      return "unknown name \"" + name + "\"; words stand in quotes: '" + name + "'";
    }
    var candidates = new LinkedHashSet<String>();
    candidates.addAll(derived);
    candidates.addAll(axes);
    candidates.addAll(model.parameters());
    var shown = new LinkedHashSet<String>();
    Nearest.to(name, candidates).ifPresent(shown::add);
    candidates.stream().limit(3).forEach(shown::add);
    return "unknown name \"" + name + "\"; known: " + String.join(", ", shown) + ", ...";
  }

  /** Checks comparisons between a parameter and a quantity or another parameter. */
  private boolean unitsFit(Field field, Expression expression) {
    List<Token> tokens = expression.tokens();
    boolean fit = true;
    for (int i = 1; i + 1 < tokens.size(); i++) {
      boolean alone =
          tokens.get(i).kind() == Token.Kind.COMPARISON
              && (i < 2 || tokens.get(i - 2).logical())
              && (i + 2 >= tokens.size() || tokens.get(i + 2).logical());
      if (alone) {
        fit &= unitsFit(field, tokens.get(i - 1), tokens.get(i + 1));
      }
    }
    return fit;
  }

  private boolean unitsFit(Field field, Token left, Token right) {
    Optional<Unit> a = unit(left);
    Optional<Unit> b = unit(right);
    if (a.isEmpty() || b.isEmpty() || a.get().dimension() == b.get().dimension()) {
      return true;
    }
    if (zero(left) || zero(right)) {
      return true; // zero is zero in every unit
    }
    boolean bare = left.kind() == Token.Kind.NUMBER ? a.get() == Unit.ONE : b.get() == Unit.ONE;
    Token number = left.kind() == Token.Kind.NUMBER ? left : right;
    Unit other = left.kind() == Token.Kind.NUMBER ? b.get() : a.get();
    problems.add(
        field.at(),
        bare && number.kind() == Token.Kind.NUMBER
            ? field.path()
                + ": number without unit; did you mean \""
                + number.text()
                + " "
                + other.symbol()
                + "\"?"
            : field.path()
                + ": compares "
                + shown(left, a.get())
                + " with "
                + shown(right, b.get()));
    return false;
  }

  private Optional<Unit> unit(Token token) {
    if (token.kind() == Token.Kind.NUMBER) {
      return Quantity.parse(token.text()).map(Quantity::unit);
    }
    return token.kind() == Token.Kind.NAME
        ? model.parameter(token.text()).filter(p -> !p.isText()).map(Parameter::unit)
        : Optional.empty();
  }

  private static boolean zero(Token token) {
    return token.kind() == Token.Kind.NUMBER
        && Quantity.parse(token.text()).filter(q -> q.si() == 0).isPresent();
  }

  private static String shown(Token token, Unit unit) {
    String kind = unit.dimension() == Dimension.NONE ? "a number" : unit.dimension().label();
    return kind + " (" + token.text() + ")";
  }
}

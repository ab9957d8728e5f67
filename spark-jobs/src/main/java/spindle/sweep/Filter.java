package spindle.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.task.Quantity;
import spindle.task.Settings;
import spindle.task.Value;

/** The compiled {@code derive} and {@code where} of a sweep. */
final class Filter {
  private final Settings fixed;
  private final List<Axis> axes;
  private final Map<String, Expression> derive = new LinkedHashMap<>();
  private final List<Expression> where = new ArrayList<>();
  private final Map<String, Object> constants = new HashMap<>();

  Filter(Settings fixed, List<Axis> axes, Selection selection) {
    this.fixed = fixed;
    this.axes = axes;
    selection.derive().forEach(d -> derive.put(d.name(), Expression.parse(d.expression())));
    selection.where().forEach(w -> where.add(Expression.parse(w)));
    fixed.values().forEach((name, value) -> constants.put(name, Expression.Values.of(value)));
  }

  boolean keepsAll() {
    return where.isEmpty();
  }

  /** Names that the conditions look at, through derived values too. */
  Set<String> names() {
    var names = new HashSet<String>();
    where.forEach(w -> names.addAll(w.names()));
    var inOrder = new ArrayList<>(derive.keySet());
    for (int i = inOrder.size() - 1; i >= 0; i--) {
      if (names.contains(inOrder.get(i))) {
        names.addAll(derive.get(inOrder.get(i)).names());
      }
    }
    return names;
  }

  /** The same conditions for points that have some of the axes only. */
  Filter over(List<Axis> fewer, Selection selection) {
    Set<String> used = names();
    var needed = selection.derive().stream().filter(d -> used.contains(d.name())).toList();
    return new Filter(fixed, fewer, new Selection(needed, selection.where(), selection.sampling()));
  }

  boolean keeps(Value[] point) {
    Expression.Values values = values(point);
    for (Expression condition : where) {
      if (!condition.holds(values)) {
        return false;
      }
    }
    return true;
  }

  /** The swept and derived parameters at a point. */
  Map<String, Value> parameters(Value[] point) {
    var parameters = new LinkedHashMap<String, Value>();
    for (int i = 0; i < point.length; i++) {
      parameters.put(axes.get(i).name(), point[i]);
    }
    if (!derive.isEmpty()) {
      Expression.Values values = values(point);
      for (String name : derive.keySet()) {
        if (fixed.values().containsKey(name)) {
          parameters.put(name, like(name, (Double) values.get(name)));
        }
      }
    }
    return parameters;
  }

  /** Names of everything that differs between points, in a fixed order. */
  List<String> varying() {
    var names = new ArrayList<String>();
    axes.forEach(a -> names.add(a.name()));
    derive.keySet().stream().filter(fixed.values()::containsKey).forEach(names::add);
    return names;
  }

  Expression.Values values(Value[] point) {
    var values = new Expression.Values(constants);
    for (int i = 0; i < point.length; i++) {
      values.set(axes.get(i).name(), Expression.Values.of(point[i]));
    }
    derive.forEach((name, expression) -> values.set(name, expression.number(values)));
    return values;
  }

  private Value like(String name, double si) {
    if (fixed.values().get(name) instanceof Value.Real real) {
      return new Value.Real(new Quantity(si, real.quantity().unit()));
    }
    if (si != StrictMath.rint(si)) {
      throw new IllegalArgumentException(
          "derive."
              + name
              + ": must be a whole number, got "
              + Quantity.decimal(si)
              + "; write floor(...)");
    }
    return new Value.Count((long) si);
  }
}

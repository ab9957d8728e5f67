package spindle.grad.surrogate;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import spindle.ir.Expr;
import spindle.ir.Formula;

/**
 * A derivative as text, such as {@code alpha / 2 * exp(-alpha * abs(x))}.
 *
 * @param formula of x, {@code pi} and the parameters
 * @param parameters value per name
 */
public record Custom(String formula, Map<String, Double> parameters) implements Surrogate {
  private static final String X = "x";
  private static final String PI = "pi";

  public Custom {
    parameters = Map.copyOf(parameters);
    parameters.forEach(Require::finite);
    var known = new TreeSet<>(parameters.keySet());
    known.add(X);
    known.add(PI);
    for (String name : new TreeSet<>(Formula.parse(formula).names())) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "\"" + formula + "\": no value of \"" + name + "\"; known: " + known);
      }
    }
  }

  @Override
  public Expr derivative(Expr x) {
    var values = new HashMap<String, Expr>();
    values.put(PI, x.like(Math.PI));
    new TreeMap<>(parameters).forEach((name, value) -> values.put(name, x.like(value)));
    values.put(X, x);
    Expr g = Formula.parse(formula).on(x, values);
    return g.type().equals(x.type()) ? g : x.times(0).plus(g);
  }
}

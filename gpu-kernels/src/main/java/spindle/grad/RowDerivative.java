package spindle.grad;

import java.util.List;
import java.util.Set;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Update;
import spindle.ir.Variable;

/**
 * Rows whose weight is the derivative of other rows' weight by one of their parameters.
 *
 * <p>A product is linear in its weights, so the derivative of a product by a parameter is the
 * product with these rows: the same synapses, found by the same loop.
 */
final class RowDerivative {
  private RowDerivative() {}

  /** The parameters, of some, on which the weights of rows depend, in alphabetical order. */
  static List<String> parameters(Rows rows, Set<String> some) {
    return rows.body().parameters().keySet().stream()
        .filter(some::contains)
        .filter(q -> weight(rows.body(), q))
        .toList();
  }

  private static boolean weight(Program body, String parameter) {
    Activity active = by(body, parameter);
    return body.updates().stream()
        .anyMatch(u -> u.variable().equals(Rows.WEIGHT) && active.at(u.value()));
  }

  private static Activity by(Program body, String parameter) {
    return Activity.of(body, new Inputs(Set.of(), Set.of(parameter)));
  }

  /** The rows {@code NAME|d PARAMETER}; they take the parameters of the original. */
  static Rows of(Rows rows, String parameter) {
    String name = rows.name() + "|d " + parameter;
    return new Rows(
        name,
        rows.rows(),
        rows.columns(),
        rows.chunks(),
        rows.byPost(),
        rows.longest(),
        rows.storage(),
        body(rows.body(), parameter),
        rows.tables());
  }

  private static Program body(Program body, String parameter) {
    var trace = new Trace(body.name() + " by " + parameter);
    var primal = new Primal(body, trace, e -> table(body, trace, e));
    DType dtype = body.parameters().get(parameter);
    var seeds = new Tangents.Seeds(RowDerivative::noState, q -> trace.constant(dtype, 1));
    var tangents = new Tangents(primal, by(body, parameter), seeds);
    for (Update u : body.updates()) {
      boolean weight = u.variable().equals(Rows.WEIGHT);
      Type type = body.at(u.value()).type();
      Expr value = weight ? tangents.of(u.value(), type) : primal.value(u.value());
      // Rows without a weight have weight 1, and count instead of adding.
      if (!weight || value != trace.constant(type.dtype(), 1)) {
        trace.declare(Variable.of(u.variable(), type));
        trace.store(u.variable(), value);
      }
    }
    return trace.finish();
  }

  private static Expr table(Program body, Trace trace, Equation e) {
    return trace.load(trace.declare(body.variable(e.name())).name());
  }

  private static Expr noState(Equation e) {
    throw new IllegalArgumentException("rows have no state, got " + e);
  }
}

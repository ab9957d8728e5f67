package spindle.grad;

import java.util.List;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Update;
import spindle.ir.Variable;

/**
 * A step and its derivative along one direction of its inputs (forward mode).
 *
 * <p>The program does what the step does and keeps beside each variable v that the inputs reach its
 * tangent {@code dot.v}. Beside events s it keeps {@code dot.s.1}, {@code dot.s.2}, ... for what s
 * held 1, 2, ... steps ago: float vectors, the tangents of the masks that were collected. The
 * direction of a parameter q is the scalar {@code dot.param.q}, which no step changes.
 *
 * @param program to run as the step is run, with tangents written before
 * @param tangents its variables that hold tangents of variables
 * @param directions its variables that hold the direction in the space of parameters
 */
public record Forward(Program program, List<Variable> tangents, List<Variable> directions) {
  static final String PREFIX = "dot";

  /**
   * Differentiates a step.
   *
   * @param by variables and parameters that have tangents of their own
   * @throws IllegalArgumentException if the step has no such input, or a variable of a new name
   */
  public static Forward of(Program step, Inputs by) {
    by.requireOf(step);
    return new Writer(step, Activity.of(step, by)).write();
  }

  /** The variable that holds the tangent of a float variable. */
  public static String dot(String variable) {
    return Companions.name(PREFIX, variable);
  }

  /** The variable that holds the tangent of the events {@code delay} steps ago. */
  public static String dot(String events, int delay) {
    return Companions.name(PREFIX, events, delay);
  }

  /** The variable that holds the direction of a parameter. */
  public static String direction(String parameter) {
    return Companions.parameter(PREFIX, parameter);
  }

  /** Writes the program, once. */
  private static final class Writer {
    private final Program step;
    private final Activity active;
    private final Trace trace;
    private final Companions dots;

    Writer(Program step, Activity active) {
      this.step = step;
      this.active = active;
      this.trace = new Trace(step.name() + " forward");
      this.dots = new Companions(step, trace, PREFIX);
    }

    Forward write() {
      step.variables().forEach(trace::declare);
      List<Variable> tangents = dots.declareVariables(active.inputs().variables());
      List<Variable> directions = dots.declareParameters(active.inputs().parameters());
      var primal = new Primal(step, trace, this::load);
      var seeds = new Tangents.Seeds(dots::load, q -> trace.load(dots.parameter(q)));
      var values = new Tangents(primal, active, seeds);
      for (Update u : step.updates()) {
        trace.store(u.variable(), primal.value(u.value()));
        if (active.inputs().variables().contains(u.variable())) {
          store(step.variable(u.variable()), u, values);
        }
      }
      return new Forward(trace.finish(), tangents, directions);
    }

    private Expr load(Equation e) {
      if (e.op() == Op.LOAD) {
        return trace.load(e.name(), (int) e.value());
      }
      int history = step.variable(e.name()).history();
      int from = (int) e.value();
      return trace.recent(e.name(), history, from, from + e.type().length() / history);
    }

    /** The newest tangent comes in, older ones move back. */
    private void store(Variable v, Update u, Tangents values) {
      Type type = dots.type(v.type());
      trace.store(dots.name(v, 1), values.of(u.value(), type));
      for (int d = 2; d <= v.history(); d++) {
        trace.store(dots.name(v, d), trace.load(dots.name(v, d - 1)));
      }
    }
  }
}

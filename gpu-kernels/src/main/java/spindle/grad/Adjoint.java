package spindle.grad;

import java.util.List;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * The transposed derivative of a step, itself a program (reverse mode).
 *
 * <p>The step maps old state and parameters to new state. Its adjoint takes the old state, the
 * parameters, the number of the step and, in {@code bar.v}, the cotangent of the new value of each
 * float variable v; it computes what it needs of the step again, leaves in {@code bar.v} the
 * cotangent of the old value, and adds to {@code bar.param.q} the gradient by each float parameter
 * q. Running it for steps T - 1, ..., 0 with the old state of each written before is back
 * propagation through time; whoever runs it may add to {@code bar.v} between steps, and sets
 * gradients to 0 before the first.
 *
 * <p>Cotangents of events s are a ring of float vectors {@code bar.s.1}, {@code bar.s.2}, ... up to
 * the history of s. Before a run {@code bar.s.d} belongs to the events d steps before the next
 * step, after it to those d steps before this one: what is d + 1 steps old at the next step is d
 * steps old now, and {@code bar.s.1} goes to the mask from which this step collected s. COLLECT,
 * MARK and SLICE pass cotangents on as if events were their mask, 1 where a neuron is among them,
 * else 0. So what gradient a spike has is the business of the mask, usually a surrogate.
 *
 * <p>Integers have no cotangent; they are state like any other. A derivative that is infinite
 * spoils the sum even where a select did not take its branch (0 * infinity is NaN): guard the
 * operand, not the result.
 *
 * @param program equations of the adjoint step
 * @param state its variables that hold old state, and only those it needs; no run changes them
 * @param cotangents its variables {@code bar.v} and {@code bar.s.d}
 * @param gradients its variables {@code bar.param.q}
 */
public record Adjoint(
    Program program, List<Variable> state, List<Variable> cotangents, List<Variable> gradients) {
  static final String PREFIX = "bar";

  /** The adjoint by all state and all float parameters. */
  public static Adjoint of(Program step) {
    return of(step, Inputs.all(step));
  }

  /**
   * The adjoint by some inputs; only variables that they reach have cotangents.
   *
   * @throws IllegalArgumentException if the step has no such input, or a variable of a new name
   */
  public static Adjoint of(Program step, Inputs by) {
    by.requireOf(step);
    return new Reverse(step, Activity.of(step, by)).write();
  }

  /** The variable that holds the cotangent of a float variable. */
  public static String bar(String variable) {
    return Companions.name(PREFIX, variable);
  }

  /** The variable that holds the cotangent of the events {@code delay} steps ago. */
  public static String bar(String events, int delay) {
    return Companions.name(PREFIX, events, delay);
  }

  /** Whether a cotangent is one of {@link Recorded#late}, which belongs to no variable. */
  public static boolean isLate(String cotangent) {
    return Late.isLate(cotangent);
  }

  /** The variable that holds the gradient by a parameter. */
  public static String gradient(String parameter) {
    return Companions.parameter(PREFIX, parameter);
  }
}

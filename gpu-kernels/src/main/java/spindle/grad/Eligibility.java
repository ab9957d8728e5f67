package spindle.grad;

import java.util.List;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * A step with eligibility traces: how the state depends on each input through all steps so far, as
 * far as every neuron's state passes it on to itself.
 *
 * <p>The trace of a state variable a by an input w is {@code e.w.a}, and follows
 *
 * <pre>
 * e_a(t + 1) = sum_b da/db e_b(t) + da/dw
 * </pre>
 *
 * over the variables b of the same neuron, derivatives going through elementwise operations alone:
 * real-time recurrent learning with a Jacobian that is diagonal in the neurons (Williams and Zipser
 * 1989, Neural Comput 1:270; Bellec et al. 2020, Nat Commun 11:3625, eq. 13). What neurons pass on
 * to each other is left to the learning signal: {@link #contraction} multiplies the traces by
 * cotangents of the state and adds the result to the gradient {@code sum.w}. The memory is that of
 * the traces, whatever the number of steps.
 *
 * <p>Where w holds a weight per synapse, so do its traces; where w is one number or one per neuron,
 * its traces are as long as the state variable. Sums over neurons keep no trace: what they have
 * gathered is taken as counted. Masks that are collected to events pass on what their surrogate
 * says; {@code e.w.s.d} belongs to the events d steps ago.
 *
 * @param program the step, with the traces; takes the variables of the step
 * @param traces its variables that hold traces
 * @param contraction reads traces and cotangents, {@link Adjoint#bar}, and adds to the gradients
 * @param gradients variables of the contraction that hold gradients
 */
public record Eligibility(
    Program program, List<Variable> traces, Program contraction, List<Variable> gradients) {
  /**
   * Writes the traces of some inputs.
   *
   * @param adjoint of the same step; only what has a cotangent there is contracted
   * @throws IllegalArgumentException if the step has no such input, changes it, multiplies batches
   *     by its weights, or has a variable of a new name
   */
  public static Eligibility of(Program step, Adjoint adjoint, Inputs by) {
    by.requireOf(step);
    return new TraceWriter(step, adjoint).write(by);
  }

  /** The variable of the contraction that holds the gradient by an input. */
  public static String gradient(String input) {
    return "sum." + input;
  }
}

package spindle.grad;

import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Trace;
import spindle.ir.Variable;

/**
 * What a RECENT reads of a variable: some neurons in every step of its history, oldest first.
 *
 * @param trace where its derivative is written
 * @param from first neuron
 * @param neurons number of neurons
 */
record Recent(Trace trace, Variable variable, int from, int neurons) {
  static Recent of(Trace trace, Variable v, Equation recent) {
    int neurons = recent.type().length() / v.history();
    return new Recent(trace, v, (int) recent.value(), neurons);
  }

  private boolean isWhole() {
    return neurons == variable.type().length();
  }

  /** These neurons of a vector over the population. */
  Expr range(Expr population) {
    return isWhole() ? population : Fit.range(trace, population, from, neurons);
  }

  /** What a vector over these neurons and all steps has for {@code delay} steps ago. */
  Expr at(Expr recent, int delay) {
    int oldest = variable.history();
    return oldest == 1 ? recent : Fit.range(trace, recent, (oldest - delay) * neurons, neurons);
  }

  /** A vector over the population that is 0 but for these neurons. */
  Expr pad(Expr part) {
    return trace.pad(part, from, variable.type().length());
  }
}

package spindle.model.synapse;

import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Output;

/**
 * Conductance-based output: {@code I = g (e - v)}.
 *
 * @param e reversal potential [mV]
 * @param unit of g: {@code "g_leak"}, in units of the leak, where neurons take I in mV; {@code
 *     "nS"} where they take it in pA
 */
public record Coba(double e, String unit) implements Output {
  @Override
  public Expr current(Cell cell, Expr g, Expr v) {
    return g.times(cell.parameter("e", e).minus(v));
  }
}

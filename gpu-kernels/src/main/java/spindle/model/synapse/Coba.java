package spindle.model.synapse;

import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Output;

/**
 * Conductance-based output: {@code I = g (e - v)}, with I in mV as neurons take it.
 *
 * <p>So g is a ratio, in units of the leak conductance: {@code "g_leak"}.
 *
 * @param e reversal potential [mV]
 */
public record Coba(double e) implements Output {
  @Override
  public String unit() {
    return "g_leak";
  }

  @Override
  public Expr current(Cell cell, Expr g, Expr v) {
    return g.times(cell.parameter("e", e).minus(v));
  }
}

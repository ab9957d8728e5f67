package spindle.model.synapse;

import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Output;

/** Current-based output: {@code I = g}, both in mV. */
public record Cuba() implements Output {
  @Override
  public String unit() {
    return "mV";
  }

  @Override
  public Expr current(Cell cell, Expr g, Expr v) {
    return g;
  }
}

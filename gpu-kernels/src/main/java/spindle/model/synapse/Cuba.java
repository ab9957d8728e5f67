package spindle.model.synapse;

import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Output;

/** Current-based output: {@code I = g}. */
public record Cuba() implements Output {
  @Override
  public Expr current(Cell cell, Expr g, Expr v) {
    return g;
  }
}

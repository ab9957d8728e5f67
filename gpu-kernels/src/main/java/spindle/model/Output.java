package spindle.model;

import spindle.ir.Expr;

/** How a receptor acts on the membrane. */
public interface Output {
  /** The current for conductance g at membrane potential v. */
  Expr current(Cell cell, Expr g, Expr v);
}

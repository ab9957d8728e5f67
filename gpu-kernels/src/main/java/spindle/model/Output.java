package spindle.model;

import spindle.ir.Expr;

/** How a receptor acts on the membrane. */
public interface Output {
  /** The unit of what it acts on, the {@code g} of {@link #current}. */
  String unit();

  /** The current for conductance g at membrane potential v. */
  Expr current(Cell cell, Expr g, Expr v);
}

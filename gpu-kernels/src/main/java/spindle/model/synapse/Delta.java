package spindle.model.synapse;

import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.State;
import spindle.model.Synapse;

/** Synapse without dynamics: what arrives acts in the step of its arrival alone. */
public record Delta() implements Synapse {
  @Override
  public List<State> states() {
    return List.of();
  }

  @Override
  public Expr step(Cell cell, Expr arriving) {
    return arriving;
  }
}

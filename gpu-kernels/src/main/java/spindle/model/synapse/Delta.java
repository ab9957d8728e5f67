package spindle.model.synapse;

import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.State;
import spindle.model.Synapse;

/** Synapses that act in the step of arrival alone and remember nothing: {@code g = w}. */
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

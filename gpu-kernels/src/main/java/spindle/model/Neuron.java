package spindle.model;

import java.util.List;
import spindle.ir.Expr;

/** A neuron model. */
public interface Neuron {
  /** Its state variables. */
  List<State> states();

  /**
   * Traces one step: integrate, compare with the threshold, reset, enter refractoriness.
   *
   * @return mask of the neurons that spike in this step
   */
  Expr step(Cell cell);
}

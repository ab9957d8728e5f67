package spindle.model;

import spindle.ir.DType;
import spindle.ir.Expr;

/** What a model sees while it traces one step of its population. */
public interface Cell {
  /** The value of a state variable, as last set in this step, else as the step began. */
  Expr state(String name);

  /** Sets a state variable. */
  void set(String name, Expr value);

  /** A parameter of the model; its value stays an argument of the compiled program. */
  Expr parameter(String name, double value);

  /**
   * The spikes of neurons that are {@code above} their threshold: 1 where it is at least 0, else 0.
   */
  Expr spike(Expr above);

  /** The time step [ms]. */
  Expr dt();

  /** Sum of all inputs at membrane potential v: currents in the unit the model expects. */
  Expr input(Expr v);

  /**
   * A span of time in whole steps.
   *
   * @throws IllegalArgumentException if it is no multiple of the time step
   */
  int steps(String what, double ms);

  /** Element type of the simulation. */
  DType precision();
}

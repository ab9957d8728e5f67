package spindle.model;

import java.util.List;
import spindle.ir.Expr;

/** Ion channels of one kind in the membrane of a conductance-based neuron. */
public interface Channel {
  /** Names its parameters and states: {@code na}. */
  String name();

  /** Its gates. */
  List<State> states();

  /**
   * Traces the current into the cell at membrane potential v, for the gates as the step began.
   *
   * @return current [pA], for conductances in nS and potentials in mV
   */
  Expr current(Cell cell, Expr v);

  /** Traces a step of the gates at the membrane potential as the step began. */
  void step(Cell cell, Expr v);
}

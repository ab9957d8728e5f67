package spindle.model;

import java.util.List;
import spindle.ir.Expr;

/**
 * Ion channels of one kind in the membrane of a conductance-based neuron: {@code I = g (e - v)}.
 */
public interface Channel {
  /** Names its parameters and states: {@code na}. */
  String name();

  /** Its gates. */
  List<State> states();

  /** Traces the conductance [nS] for the gates as the step began. */
  Expr conductance(Cell cell);

  /** The potential at which no current flows [mV]. */
  Expr reversal(Cell cell);

  /** Traces a step of the gates at the membrane potential as the step began. */
  void step(Cell cell, Expr v);
}

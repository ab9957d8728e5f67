package spindle.model;

import java.util.List;
import spindle.ir.Expr;

/** The dynamics of a receptor whose synapses share parameters, kept per postsynaptic neuron. */
public interface Synapse {
  /** Its state variables; the first one carries the receptor's name alone. */
  List<State> states();

  /**
   * Traces one step in the order decay, add, use.
   *
   * @param arriving summed weights of the spikes that arrive in this step
   * @return what the receptor's output acts on, a conductance or a current
   */
  Expr step(Cell cell, Expr arriving);
}

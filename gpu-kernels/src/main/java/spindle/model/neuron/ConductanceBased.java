package spindle.model.neuron;

import java.util.ArrayList;
import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Channel;
import spindle.model.ExponentialEuler;
import spindle.model.Initial;
import spindle.model.Neuron;
import spindle.model.State;

/**
 * A single compartment with ion channels (Hodgkin and Huxley 1952, J Physiol 117:500, equation 26).
 *
 * <pre>
 *   C dv/dt = sum of channel currents + I     exponential Euler, gates and conductances fixed
 *   spike when v comes to threshold from below; nothing is reset
 * </pre>
 *
 * <p>The input I is in pA. While v stays above the threshold there is no second spike.
 *
 * @param capacitance C [pF]
 * @param channels in the order in which their currents are added
 * @param vThreshold threshold [mV]
 * @param initial how v starts
 */
public record ConductanceBased(
    double capacitance, List<Channel> channels, double vThreshold, Initial initial)
    implements Neuron {
  public ConductanceBased {
    channels = List.copyOf(channels);
    if (!(capacitance > 0)) {
      throw new IllegalArgumentException("capacitance must be > 0 pF, got " + capacitance);
    }
  }

  @Override
  public List<State> states() {
    var states = new ArrayList<>(List.of(new State("v", "mV", initial)));
    channels.forEach(c -> states.addAll(c.states()));
    return List.copyOf(states);
  }

  @Override
  public Expr step(Cell cell) {
    Expr v = cell.state("v");
    Expr open = v.like(0);
    Expr pull = v.like(0);
    for (Channel c : channels) {
      Expr g = c.conductance(cell);
      open = open.minus(g);
      pull = g.fma(c.reversal(cell), pull);
    }
    Expr current = v.fma(open, pull).plus(cell.input(v));
    Expr capacity = cell.parameter("capacitance", capacitance);
    Expr slope = current.times(capacity.like(1).over(capacity));
    Expr next = ExponentialEuler.step(v, slope, cell.dt());
    channels.forEach(c -> c.step(cell, v));
    cell.set("v", next);
    Expr threshold = cell.parameter("v_threshold", vThreshold);
    Expr spike = cell.spike(next.minus(threshold));
    return spike.times(v.atLeast(threshold).from(1));
  }
}

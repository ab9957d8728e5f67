package spindle.model.neuron;

import java.util.List;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.model.Cell;
import spindle.model.Initial;
import spindle.model.Neuron;
import spindle.model.State;

/**
 * A membrane that never spikes: a readout of what arrives.
 *
 * <pre>
 *   tau dv/dt = -v + I
 *   v(t + dt) = v + (1 - exp(-dt / tau)) (I - v)      exponential Euler, I fixed
 * </pre>
 *
 * @param tau membrane time constant [ms]
 */
public record LeakyIntegrator(double tau) implements Neuron {
  public LeakyIntegrator {
    if (!(tau > 0)) {
      throw new IllegalArgumentException("membrane time constant must be > 0 ms, got " + tau);
    }
  }

  @Override
  public List<State> states() {
    return List.of(new State("v", "mV", new Initial.Constant(0)));
  }

  @Override
  public Expr step(Cell cell) {
    Expr v = cell.state("v");
    Expr gain = cell.dt().over(cell.parameter("tau", tau)).negated().apply(Op.EXPM1).negated();
    cell.set("v", v.plus(gain.times(cell.input(v).minus(v))));
    return v.times(0).minus(1).heaviside();
  }
}

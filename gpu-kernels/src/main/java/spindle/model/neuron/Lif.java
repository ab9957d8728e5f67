package spindle.model.neuron;

import java.util.List;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.model.Cell;
import spindle.model.Initial;
import spindle.model.Neuron;
import spindle.model.State;

/**
 * Leaky integrate-and-fire neuron with hard reset and absolute refractoriness.
 *
 * <pre>
 *   tau dv/dt = (v_rest - v) + I        held at v_reset for t_refractory after a spike
 *   v(t + dt) = v + (1 - exp(-dt / tau)) ((v_rest - v) + I)      exponential Euler, I fixed
 *   spike when v &gt;= v_threshold, then v = v_reset
 * </pre>
 *
 * <p>Without a refractory time there is no countdown among the states.
 *
 * <p>The input I is in mV: a conductance in units of the leak times a driving force.
 *
 * @param tau membrane time constant [ms]
 * @param vRest resting potential [mV]
 * @param vThreshold threshold [mV]
 * @param vReset reset potential, below the threshold [mV]
 * @param tRefractory refractory time, a multiple of dt [ms]
 * @param initial how v starts
 */
public record Lif(
    double tau, double vRest, double vThreshold, double vReset, double tRefractory, Initial initial)
    implements Neuron {
  public Lif {
    if (!(tau > 0)) {
      throw new IllegalArgumentException("membrane time constant must be > 0 ms, got " + tau);
    }
    if (!(vReset < vThreshold)) {
      throw new IllegalArgumentException(
          "v_reset must be below v_threshold, got " + vReset + " mV and " + vThreshold + " mV");
    }
    if (!(tRefractory >= 0)) {
      throw new IllegalArgumentException("refractory time must be >= 0 ms, got " + tRefractory);
    }
  }

  @Override
  public List<State> states() {
    State v = new State("v", "mV", initial);
    State refractory = new State("refractory", "steps", new Initial.Constant(0));
    return tRefractory > 0 ? List.of(v, refractory) : List.of(v);
  }

  @Override
  public Expr step(Cell cell) {
    Expr v = cell.state("v");
    Expr gain = cell.dt().over(cell.parameter("tau", tau)).negated().apply(Op.EXPM1).negated();
    Expr move = gain.times(cell.parameter("v_rest", vRest).minus(v).plus(cell.input(v)));
    Expr moved = v.plus(tRefractory > 0 ? held(cell).from(1).times(move) : move);
    Expr spike = cell.spike(moved.minus(cell.parameter("v_threshold", vThreshold)));
    cell.set("v", spike.blend(cell.parameter("v_reset", vReset), moved));
    if (tRefractory > 0) {
      Expr hold = cell.parameter("t_refractory", cell.steps("t_refractory", tRefractory));
      cell.set("refractory", cell.state("refractory").minus(held(cell)).plus(spike.times(hold)));
    }
    return spike;
  }

  /** 1 while refractory, and what a step takes off the countdown. */
  private static Expr held(Cell cell) {
    return cell.state("refractory").min(1);
  }
}

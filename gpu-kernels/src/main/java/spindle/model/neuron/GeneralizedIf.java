package spindle.model.neuron;

import java.util.List;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.model.Cell;
import spindle.model.Initial;
import spindle.model.Neuron;
import spindle.model.State;

/**
 * Generalized integrate-and-fire neuron: two currents that spikes leave behind, one fast and one
 * slow (Mihalas and Niebur 2009, Neural Comput 21:704; the form of BrainPy's working-memory
 * network, arXiv 2311.05106, figure 6).
 *
 * <pre>
 *   tau dv/dt = -v + I + i_fast + i_slow       exponential Euler, currents fixed
 *   tau_fast di_fast/dt = -i_fast              = a_fast after a spike, without gradient
 *   tau_slow di_slow/dt = -i_slow              + a_slow after a spike
 *   spike when v &gt;= v_threshold, then v = v - v_threshold
 * </pre>
 *
 * <p>The slow current remembers for seconds: its time constant is drawn for each neuron.
 *
 * @param tau membrane time constant [ms]
 * @param vThreshold threshold above rest [mV]
 * @param fast current that a spike sets
 * @param slow current that a spike adds to
 */
public record GeneralizedIf(double tau, double vThreshold, Fast fast, Slow slow) implements Neuron {
  /**
   * Set by a spike.
   *
   * @param tau time constant [ms]
   * @param a its value after a spike [mV]
   */
  public record Fast(double tau, double a) {
    public Fast {
      requirePositive("tau_fast", tau);
    }
  }

  /**
   * Added to by a spike.
   *
   * @param tauLow least time constant [ms]
   * @param tauHigh largest time constant [ms]
   * @param a what a spike adds [mV]
   */
  public record Slow(double tauLow, double tauHigh, double a) {
    public Slow {
      requirePositive("tau_slow", tauLow);
      if (!(tauLow <= tauHigh)) {
        throw new IllegalArgumentException(
            "tau_slow must be in order, got " + tauLow + " ms and " + tauHigh + " ms");
      }
    }
  }

  public GeneralizedIf {
    requirePositive("membrane time constant", tau);
    requirePositive("v_threshold", vThreshold);
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(what + " must be > 0, got " + value);
    }
  }

  @Override
  public List<State> states() {
    var zero = new Initial.Constant(0);
    return List.of(
        new State("v", "mV", zero),
        new State("i_fast", "mV", zero),
        new State("i_slow", "mV", zero),
        new State("tau_slow", "ms", new Initial.Uniform(slow.tauLow(), slow.tauHigh())));
  }

  @Override
  public Expr step(Cell cell) {
    Expr v = cell.state("v");
    Expr dt = cell.dt();
    Expr iFast = cell.state("i_fast").times(decay(dt, cell.parameter("tau_fast", fast.tau())));
    Expr iSlow = cell.state("i_slow").times(decay(dt, cell.state("tau_slow")));
    Expr gain = dt.over(cell.parameter("tau", tau)).negated().apply(Op.EXPM1).negated();
    Expr drive = cell.input(v).plus(iFast).plus(iSlow);
    Expr moved = v.plus(gain.times(drive.minus(v)));

    Expr threshold = cell.parameter("v_threshold", vThreshold);
    Expr spike = cell.spike(moved.minus(threshold));
    cell.set("v", moved.minus(spike.times(threshold)));
    Expr set = spike.blend(cell.parameter("a_fast", fast.a()), iFast);
    cell.set("i_fast", set.apply(Op.STOP));
    cell.set("i_slow", iSlow.plus(spike.times(cell.parameter("a_slow", slow.a()))));
    return spike;
  }

  private static Expr decay(Expr dt, Expr tau) {
    return dt.over(tau).negated().exp();
  }
}

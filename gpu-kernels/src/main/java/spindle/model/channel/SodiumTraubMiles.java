package spindle.model.channel;

import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Channel;
import spindle.model.State;

/**
 * Fast sodium channels of hippocampal neurons (Traub and Miles 1991; as in Brette et al. 2007, J
 * Comput Neurosci 23:349, appendix 1).
 *
 * <pre>
 *   I = g m^3 h (e - v),     u = v - v_t
 *   alpha_m = 0.32 (13 - u) / (exp((13 - u) / 4) - 1)     beta_m = 0.28 (u - 40) / (exp((u - 40) / 5) - 1)
 *   alpha_h = 0.128 exp((17 - u) / 18)                    beta_h = 4 / (1 + exp((40 - u) / 5))
 * </pre>
 *
 * @param g conductance with all gates open [nS]
 * @param e reversal potential [mV]
 * @param vT shifts the rates [mV]
 */
public record SodiumTraubMiles(double g, double e, double vT) implements Channel {
  @Override
  public String name() {
    return "na";
  }

  @Override
  public List<State> states() {
    return List.of(Gate.closed("m"), Gate.closed("h"));
  }

  @Override
  public Expr current(Cell cell, Expr v) {
    Expr m = cell.state("m");
    Expr open = m.times(m).times(m).times(cell.state("h"));
    return cell.parameter("na.g", g).times(open).times(cell.parameter("na.e", e).minus(v));
  }

  @Override
  public void step(Cell cell, Expr v) {
    Expr u = v.minus(cell.parameter("v_t", vT));
    Gate.step(cell, "m", Gate.linear(0.32, u.from(13), 4), Gate.linear(0.28, u.minus(40), 5));
    Gate.step(cell, "h", Gate.exponential(0.128, u.from(17), 18), Gate.sigmoid(4, u.minus(40), 5));
  }
}

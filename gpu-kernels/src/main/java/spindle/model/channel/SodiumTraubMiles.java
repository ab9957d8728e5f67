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
  public Expr conductance(Cell cell) {
    Expr m = cell.state("m");
    return cell.parameter("na.g", g).times(m.times(m).times(m).times(cell.state("h")));
  }

  @Override
  public Expr reversal(Cell cell) {
    return cell.parameter("na.e", e);
  }

  @Override
  public void step(Cell cell, Expr v) {
    Expr u = Gate.potential(v, cell.parameter("v_t", vT));
    Expr above = Gate.scaled(u, 40, 5);
    Expr alpha = Gate.linear(0.32, Gate.scaled(u, 13, -4), 4);
    Gate.step(cell, "m", alpha, Gate.linear(0.28, above, 5));
    Gate.step(cell, "h", Gate.scaled(u, 17, -18).exp().times(0.128), Gate.sigmoid(4, above));
  }
}

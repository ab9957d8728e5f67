package spindle.model.channel;

import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Channel;
import spindle.model.State;

/**
 * Delayed-rectifier potassium channels of hippocampal neurons (Traub and Miles 1991; as in Brette
 * et al. 2007, J Comput Neurosci 23:349, appendix 1).
 *
 * <pre>
 *   I = g n^4 (e - v),     u = v - v_t
 *   alpha_n = 0.032 (15 - u) / (exp((15 - u) / 5) - 1)     beta_n = 0.5 exp((10 - u) / 40)
 * </pre>
 *
 * @param g conductance with all gates open [nS]
 * @param e reversal potential [mV]
 * @param vT shifts the rates [mV]
 */
public record PotassiumTraubMiles(double g, double e, double vT) implements Channel {
  @Override
  public String name() {
    return "k";
  }

  @Override
  public List<State> states() {
    return List.of(Gate.closed("n"));
  }

  @Override
  public Expr conductance(Cell cell) {
    Expr n = cell.state("n");
    Expr square = n.times(n);
    return cell.parameter("k.g", g).times(square.times(square));
  }

  @Override
  public Expr reversal(Cell cell) {
    return cell.parameter("k.e", e);
  }

  @Override
  public void step(Cell cell, Expr v) {
    Expr u = Gate.potential(v, cell.parameter("v_t", vT));
    Expr alpha = Gate.linear(0.032, Gate.scaled(u, 15, -5), 5);
    Gate.step(cell, "n", alpha, Gate.scaled(u, 10, -40).exp().times(0.5));
  }
}

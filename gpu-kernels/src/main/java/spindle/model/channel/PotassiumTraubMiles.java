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
  public Expr current(Cell cell, Expr v) {
    Expr n = cell.state("n");
    Expr square = n.times(n);
    Expr open = square.times(square);
    return cell.parameter("k.g", g).times(open).times(cell.parameter("k.e", e).minus(v));
  }

  @Override
  public void step(Cell cell, Expr v) {
    Expr u = v.minus(cell.parameter("v_t", vT));
    Gate.step(cell, "n", Gate.linear(0.032, u.from(15), 5), Gate.exponential(0.5, u.from(10), 40));
  }
}

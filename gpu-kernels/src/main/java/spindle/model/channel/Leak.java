package spindle.model.channel;

import java.util.List;
import spindle.ir.Expr;
import spindle.model.Cell;
import spindle.model.Channel;
import spindle.model.State;

/**
 * Channels that are always open: {@code I = g (e - v)}.
 *
 * @param g conductance [nS]
 * @param e reversal potential [mV]
 */
public record Leak(double g, double e) implements Channel {
  @Override
  public String name() {
    return "leak";
  }

  @Override
  public List<State> states() {
    return List.of();
  }

  @Override
  public Expr conductance(Cell cell) {
    return cell.parameter("leak.g", g);
  }

  @Override
  public Expr reversal(Cell cell) {
    return cell.parameter("leak.e", e);
  }

  @Override
  public void step(Cell cell, Expr v) {}
}

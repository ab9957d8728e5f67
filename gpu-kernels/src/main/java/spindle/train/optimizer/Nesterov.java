package spindle.train.optimizer;

import java.util.List;
import spindle.ir.Expr;

/**
 * Momentum that looks one step ahead (Nesterov 1983; in this form Sutskever et al. 2013).
 *
 * <pre>
 *   u = momentum u + g
 *   w = w - rate (g + momentum u)
 * </pre>
 *
 * @param momentum share of u that is kept
 */
public record Nesterov(double momentum) implements Optimizer {
  public Nesterov {
    Optimizer.requireDecay("momentum", momentum);
  }

  public Nesterov() {
    this(0.9);
  }

  @Override
  public List<String> state() {
    return List.of(Momentum.VELOCITY);
  }

  @Override
  public Expr update(Slot slot) {
    Expr ahead = slot.gradient().plus(Momentum.velocity(slot, momentum).times(momentum));
    return slot.parameter().minus(slot.rate().times(ahead));
  }
}

package spindle.train.optimizer;

import java.util.List;
import spindle.ir.Expr;

/**
 * Heavy-ball descent (Polyak 1964).
 *
 * <pre>
 *   u = momentum u + g
 *   w = w - rate u
 * </pre>
 *
 * <p>The rate multiplies u as it is, PyTorch's form; in BrainPy's, u = momentum u - rate g, an old
 * gradient keeps the rate that it came with. They agree while the rate stays the same.
 *
 * @param momentum share of u that is kept
 */
public record Momentum(double momentum) implements Optimizer {
  static final String VELOCITY = "velocity";

  public Momentum {
    Optimizer.requireDecay("momentum", momentum);
  }

  public Momentum() {
    this(0.9);
  }

  @Override
  public List<String> state() {
    return List.of(VELOCITY);
  }

  @Override
  public Expr update(Slot slot) {
    return slot.parameter().minus(slot.rate().times(velocity(slot, momentum)));
  }

  static Expr velocity(Slot slot, double momentum) {
    Expr next = slot.state(VELOCITY).times(momentum).plus(slot.gradient());
    slot.keep(VELOCITY, next);
    return next;
  }
}

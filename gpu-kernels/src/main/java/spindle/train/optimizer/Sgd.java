package spindle.train.optimizer;

import java.util.List;
import spindle.ir.Expr;

/** Gradient descent: w = w - rate g. */
public record Sgd() implements Optimizer {
  @Override
  public List<String> state() {
    return List.of();
  }

  @Override
  public Expr update(Slot slot) {
    return slot.parameter().minus(slot.rate().times(slot.gradient()));
  }
}

package spindle.train.optimizer;

import java.util.List;
import spindle.ir.Expr;

/**
 * Adam with weights that decay on their own (Loshchilov and Hutter 2019, algorithm 2, in PyTorch's
 * form).
 *
 * <pre>
 *   w = w - rate weightDecay w, then as Adam
 * </pre>
 *
 * @param adam the rule without decay
 * @param weightDecay share of the weight that goes per unit of rate
 */
public record AdamW(Adam adam, double weightDecay) implements Optimizer {
  public AdamW {
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("weight decay must be at least 0, got " + weightDecay);
    }
  }

  public AdamW() {
    this(new Adam(), 0.01);
  }

  @Override
  public List<String> state() {
    return adam.state();
  }

  @Override
  public Expr update(Slot slot) {
    Expr left = slot.rate().times(weightDecay).from(1);
    return slot.parameter().times(left).minus(adam.move(slot));
  }
}

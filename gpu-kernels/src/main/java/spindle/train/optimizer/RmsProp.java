package spindle.train.optimizer;

import java.util.List;
import spindle.ir.Expr;

/**
 * Descent in units of the recent size of the gradient (Tieleman and Hinton 2012, lecture 6.5).
 *
 * <pre>
 *   s = decay s + (1 - decay) g^2
 *   w = w - rate g / (sqrt(s) + epsilon)
 * </pre>
 *
 * @param decay of the average; BrainPy's default, PyTorch has 0.99
 * @param epsilon keeps the quotient finite
 */
public record RmsProp(double decay, double epsilon) implements Optimizer {
  private static final String SQUARE = "square";

  public RmsProp {
    Optimizer.requireDecay("decay", decay);
    Optimizer.requireEpsilon(epsilon);
  }

  public RmsProp() {
    this(0.9, 1e-8);
  }

  @Override
  public List<String> state() {
    return List.of(SQUARE);
  }

  @Override
  public Expr update(Slot slot) {
    Expr g = slot.gradient();
    Expr size = slot.average(SQUARE, decay, g.times(g)).sqrt().plus(epsilon);
    return slot.parameter().minus(slot.rate().times(g.over(size)));
  }
}

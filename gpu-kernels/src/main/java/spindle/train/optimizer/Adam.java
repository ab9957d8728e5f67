package spindle.train.optimizer;

import java.util.List;
import spindle.ir.Expr;

/**
 * Descent along the mean gradient in units of its recent size (Kingma and Ba 2015, algorithm 1).
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g
 *   s = beta2 s + (1 - beta2) g^2
 *   w = w - rate (m / (1 - beta1^t)) / (sqrt(s / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * @param beta1 decay of the mean
 * @param beta2 decay of the mean square
 * @param epsilon keeps the quotient finite
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
  private static final String MEAN = "mean";
  private static final String SQUARE = "square";

  public Adam {
    Optimizer.requireDecay("beta1", beta1);
    Optimizer.requireDecay("beta2", beta2);
    Optimizer.requireEpsilon(epsilon);
  }

  public Adam() {
    this(0.9, 0.999, 1e-8);
  }

  @Override
  public List<String> state() {
    return List.of(MEAN, SQUARE);
  }

  @Override
  public Expr update(Slot slot) {
    return slot.parameter().minus(move(slot));
  }

  Expr move(Slot slot) {
    Expr g = slot.gradient();
    Expr mean = slot.average(MEAN, beta1, g);
    Expr square = slot.average(SQUARE, beta2, g.times(g));
    // Scalars first: one square root and one division per element are left.
    Expr size = square.sqrt().over(slot.weight(beta2).sqrt()).plus(epsilon);
    return mean.times(slot.rate().over(slot.weight(beta1))).over(size);
  }
}

package spindle.train.loss;

import spindle.ir.Expr;
import spindle.train.Batch;

/**
 * Keeps membrane potentials in a range, where surrogate gradients are not 0.
 *
 * <pre>
 *   (mean over steps, members and neurons of max(0, v - upper)^2 + max(0, lower - v)^2)^2
 * </pre>
 *
 * <p>It is about v before reset, counted from threshold and in its units: (v - vThreshold) /
 * vThreshold in BrainPy's working-memory script (arXiv 2311.05106, figure 6), from which form and
 * defaults are.
 *
 * @param upper no penalty up to here
 * @param lower no penalty down to here
 */
public record Voltage(double upper, double lower) implements Regulariser {
  public Voltage {
    if (!(lower < upper)) {
      throw new IllegalArgumentException("lower must be below upper, got " + lower + ", " + upper);
    }
  }

  public Voltage() {
    this(0.4, -2);
  }

  @Override
  public Expr each(Expr x) {
    Expr above = x.minus(upper).max(0);
    Expr below = x.from(lower).max(0);
    return above.times(above).plus(below.times(below));
  }

  @Override
  public Expr of(Batch batch, Expr mean) {
    Expr all = batch.trace().sum(mean).over(mean.type().length());
    return all.times(all);
  }
}

package spindle.grad.surrogate;

import spindle.ir.Expr;
import spindle.ir.Op;

/**
 * The first n terms of a square wave's Fourier series, differentiated.
 *
 * @param n number of terms
 * @param t period
 */
public record SquarewaveFourierSeries(int n, double t) implements Surrogate {
  public SquarewaveFourierSeries {
    if (n < 1) {
      throw new IllegalArgumentException("n must be >= 1, got " + n);
    }
    Require.positive("t", t);
  }

  public SquarewaveFourierSeries() {
    this(2, 8);
  }

  @Override
  public Expr derivative(Expr x) {
    Expr sum = x.like(0);
    for (int i = 1; i <= n; i++) {
      sum = sum.plus(x.times((2 * i - 1) * 2 * Math.PI / t).apply(Op.COS));
    }
    return sum.times(4 / t);
  }

  @Override
  public String formula() {
    return "4 / t (cos(2 pi x / t) + cos(6 pi x / t) + ... n terms)";
  }
}

package spindle.train.initial;

import spindle.ir.Key;

/**
 * Normal, given that the value is between two bounds: by inversion of the normal distribution
 * between those of the bounds, one deviate per value.
 *
 * @param mean before truncation
 * @param deviation before truncation
 * @param low lower bound in deviations from the mean
 * @param high upper bound in deviations from the mean
 */
public record TruncatedNormal(double mean, double deviation, double low, double high)
    implements Initializer {
  /** The standard deviation of a standard normal deviate between -2 and 2. */
  static final double WITHIN_TWO = 0.8796256610342398;

  public TruncatedNormal {
    if (!(Double.isFinite(mean) && deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "mean must be finite and deviation at least 0, got " + mean + ", " + deviation);
    }
    // Beyond 8 deviations the distribution is 0 or 1 to double precision.
    if (!(low < high && low <= 7 && high >= -7)) {
      throw new IllegalArgumentException(
          "low must be below high, and 7 deviations be reached, got " + low + ", " + high);
    }
  }

  @Override
  public double[] values(Shape shape, Key stream) {
    return of(Draws.uniform(shape.length(), stream));
  }

  /** The values at uniform deviates. */
  double[] of(double[] u) {
    // Where both bounds are above the mean, its mirror image keeps the digits of small tails.
    boolean mirrored = low > 0;
    double a = distribution(mirrored ? -high : low);
    double b = distribution(mirrored ? -low : high);
    var p = new double[u.length];
    for (int i = 0; i < p.length; i++) {
      p[i] = mirrored ? b - u[i] * (b - a) : a + u[i] * (b - a);
    }
    double[] z = Draws.normal(p);
    for (int i = 0; i < z.length; i++) {
      double inside = Math.max(low, Math.min(high, mirrored ? -z[i] : z[i]));
      z[i] = mean + deviation * inside;
    }
    return z;
  }

  /**
   * P(N(0, 1) &lt;= x), relative error below 1e-10 for x &gt; -8.
   *
   * <p>1/2 + density(x) (x + x^3/3 + x^5/(3 5) + ...) (Marsaglia 2004) near 0; far below, where
   * this cancels, Laplace's continued fraction of Mills' ratio.
   */
  static double distribution(double x) {
    if (x > 0) {
      return 1 - distribution(-x);
    }
    double density = StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    if (x < -3) {
      double fraction = -x;
      for (int k = 60; k >= 1; k--) {
        fraction = -x + k / fraction;
      }
      return density / fraction;
    }
    double sum = x;
    double term = x;
    for (int k = 3; k < 80; k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return 0.5 + density * sum;
  }
}

package spindle.train.initial;

import spindle.ir.Key;

/** Normal with a mean and a standard deviation. */
public record Normal(double mean, double deviation) implements Initializer {
  public Normal {
    if (!(Double.isFinite(mean) && deviation >= 0 && deviation < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "mean must be finite and deviation at least 0, got " + mean + ", " + deviation);
    }
  }

  @Override
  public double[] values(Shape shape, Key stream) {
    double[] values = Draws.normal(Draws.uniform(shape.length(), stream));
    for (int i = 0; i < values.length; i++) {
      values[i] = mean + deviation * values[i];
    }
    return values;
  }
}

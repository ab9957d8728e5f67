package spindle.train.initial;

import spindle.ir.Key;

/** Uniform on (low, high]. */
public record Uniform(double low, double high) implements Initializer {
  public Uniform {
    if (!(low <= high && Double.isFinite(high - low))) {
      throw new IllegalArgumentException("low must be at most high, got " + low + ", " + high);
    }
  }

  @Override
  public double[] values(Shape shape, Key stream) {
    double[] values = Draws.uniform(shape.length(), stream);
    for (int i = 0; i < values.length; i++) {
      values[i] = low + (high - low) * values[i];
    }
    return values;
  }
}

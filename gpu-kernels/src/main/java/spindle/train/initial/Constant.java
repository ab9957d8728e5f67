package spindle.train.initial;

import java.util.Arrays;
import spindle.ir.Key;

/** Every value the same. */
public record Constant(double value) implements Initializer {
  public Constant {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("value must be finite, got " + value);
    }
  }

  @Override
  public double[] values(Shape shape, Key stream) {
    var values = new double[shape.length()];
    Arrays.fill(values, value);
    return values;
  }
}

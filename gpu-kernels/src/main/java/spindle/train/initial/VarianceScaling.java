package spindle.train.initial;

import spindle.ir.Key;

/**
 * Weights of mean 0 and variance scale / fan, so that sums over a fan keep their size.
 *
 * <p>{@code scale} is the gain of the variance, as in BrainPy and JAX: 2 where PyTorch's gain is
 * sqrt(2).
 *
 * @param scale variance of the sum over a fan
 * @param fan which one
 * @param law distribution; all of the same variance
 */
public record VarianceScaling(double scale, Fan fan, Law law) implements Initializer {
  /** What weights add up over. */
  public enum Fan {
    /** Sources of a target. */
    IN,
    /** Targets of a source. */
    OUT,
    /** The mean of both. */
    MEAN
  }

  /** How weights are distributed. */
  public enum Law {
    /** Up to sqrt(3) standard deviations to either side. */
    UNIFORM,
    /** Not truncated. */
    NORMAL,
    /** Normal within 2 deviations, widened so that the variance is kept. */
    TRUNCATED_NORMAL
  }

  public VarianceScaling {
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("scale must be positive and finite, got " + scale);
    }
  }

  /**
   * scale 2 over the fan in (He et al. 2015, equation 10); BrainPy's {@code KaimingNormal} is
   * {@link Law#TRUNCATED_NORMAL}, PyTorch's {@link Law#NORMAL}.
   */
  public static VarianceScaling kaiming(Law law) {
    return new VarianceScaling(2, Fan.IN, law);
  }

  /** scale 1 over the mean of fan in and fan out (Glorot and Bengio 2010, equation 16). */
  public static VarianceScaling xavier(Law law) {
    return new VarianceScaling(1, Fan.MEAN, law);
  }

  /** scale 1 over the fan in (LeCun et al. 1998, equation 16). */
  public static VarianceScaling lecun(Law law) {
    return new VarianceScaling(1, Fan.IN, law);
  }

  /** The same law with another gain; the working-memory task of BrainPy has Kaiming's with 0.4. */
  public VarianceScaling withScale(double other) {
    return new VarianceScaling(other, fan, law);
  }

  /** The standard deviation of weights of a shape; 0 where there is no weight. */
  public double deviation(Shape shape) {
    double over =
        switch (fan) {
          case IN -> shape.fanIn();
          case OUT -> shape.fanOut();
          case MEAN -> (shape.fanIn() + shape.fanOut()) / 2;
        };
    return over == 0 ? 0 : Math.sqrt(scale / over);
  }

  @Override
  public double[] values(Shape shape, Key stream) {
    double deviation = deviation(shape);
    Initializer plain =
        switch (law) {
          case UNIFORM -> new Uniform(-Math.sqrt(3) * deviation, Math.sqrt(3) * deviation);
          case NORMAL -> new Normal(0, deviation);
          case TRUNCATED_NORMAL ->
              new TruncatedNormal(0, deviation / TruncatedNormal.WITHIN_TWO, -2, 2);
        };
    return plain.values(shape, stream);
  }
}

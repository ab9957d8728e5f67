package spindle.connect;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Rows;

/**
 * A connectivity whose synapses have weights of their own: {@code offset + scale * deviate}, the
 * deviate a pure function of seed, row and column.
 *
 * @param connected which pairs are connected
 * @param law distribution of the deviate
 * @param offset lower bound (uniform) or mean (normal)
 * @param scale width (uniform) or standard deviation (normal)
 */
public record Weighted(Connectivity connected, Law law, double offset, double scale)
    implements Connectivity {

  /** Distributions of weights. */
  public enum Law {
    /** Uniform on (offset, offset + scale]. */
    UNIFORM,
    /** Normal with mean offset and standard deviation scale. */
    NORMAL
  }

  /** No normal deviate of 24 bits is larger. */
  private static final double LARGEST = 6;

  public Weighted {
    if (scale < 0) {
      throw new IllegalArgumentException(
          law == Law.NORMAL
              ? "a standard deviation must be >= 0, got " + scale
              : "uniform weights need low <= high, got " + offset + " and " + (offset + scale));
    }
    double most = law == Law.NORMAL ? Math.abs(offset) + LARGEST * scale : offset + scale;
    if (!isFloat(offset) || !isFloat(scale) || !isFloat(most)) {
      String rule =
          law == Law.NORMAL
              ? "normal weights must be finite floats, got mean %s and deviation %s"
              : "uniform weights need bounds and a distance that are finite floats, got %s and %s";
      throw new IllegalArgumentException(
          rule.formatted(offset, law == Law.NORMAL ? scale : offset + scale));
    }
  }

  private static boolean isFloat(double value) {
    return Float.isFinite((float) value);
  }

  /**
   * Weights that are uniform between two finite bounds, the upper one included.
   *
   * @throws IllegalArgumentException if low is above high, or one or their distance is no finite
   *     float
   */
  public static Weighted uniform(Connectivity connected, double low, double high) {
    return new Weighted(connected, Law.UNIFORM, low, high - low);
  }

  /**
   * Weights that are normal.
   *
   * @throws IllegalArgumentException if the deviation is below 0, or one is no finite float
   */
  public static Weighted normal(Connectivity connected, double mean, double deviation) {
    return new Weighted(connected, Law.NORMAL, mean, deviation);
  }

  /** The law of the weights of a connectivity, or nothing where none are drawn. */
  public static Optional<Weighted> of(Connectivity connectivity) {
    return Delayed.undelayed(connectivity) instanceof Weighted law
        ? Optional.of(law)
        : Optional.empty();
  }

  /**
   * Derivatives by what the law is known by, from those by offset and scale: {@code low} and {@code
   * high} of uniform weights low + (high - low) u, {@code mean} and {@code deviation} of normal
   * ones.
   */
  public Map<String, Double> byName(double byOffset, double byScale) {
    return switch (law) {
      case UNIFORM -> Map.of("low", byOffset - byScale, "high", byScale);
      case NORMAL -> Map.of("mean", byOffset, "deviation", byScale);
    };
  }

  @Override
  public int pre() {
    return connected.pre();
  }

  @Override
  public int post() {
    return connected.post();
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    Rows plain = connected.rows(name, storage);
    if (plain.weighted()) {
      throw new IllegalArgumentException("synapses have weights already: " + connected);
    }
    var t = new RowTrace(name, plain.body().name() + " " + law);
    Map<String, Expr> outputs = t.inline(plain.body());
    outputs.forEach(t::output);
    Expr column = outputs.get(Rows.COLUMN);
    Expr u = t.keys("weights").at(t.row(), t.integer(0)).uniform(DType.F32, column);
    Expr deviate =
        switch (law) {
          case UNIFORM -> u;
          case NORMAL -> Deviates.normal(u);
        };
    Expr offsetParameter = t.parameter("weight_offset", DType.F32);
    Expr weight = offsetParameter.plus(t.parameter("weight_scale", DType.F32).times(deviate));
    t.output(Rows.WEIGHT, weight);
    return plain.with(t.finish());
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    var arguments = new HashMap<>(connected.arguments(name, seed));
    arguments.putAll(RowTrace.keyArguments(name, "weights", seed));
    arguments.put(name + ".weight_offset", offset);
    arguments.put(name + ".weight_scale", scale);
    return arguments;
  }

  @Override
  public double expectedSynapses() {
    return connected.expectedSynapses();
  }
}

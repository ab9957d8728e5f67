package spindle.train.reservoir;

import java.util.HashMap;
import java.util.Map;
import spindle.connect.Bernoulli;
import spindle.connect.Connectivity;
import spindle.connect.Weighted;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * Layers of leaky units with fixed random weights (Jaeger 2001; Lukosevicius 2012, equations 2, 3).
 *
 * <pre>
 *   h = W_in u + W s            u: the input, or the new state of the layer before
 *   s = (1 - leak) s + leak f(h)
 *   W_in ~ U(-inputScale, inputScale) with probability inputP
 *   W ~ N(0, radius^2 / (units p)) with probability p, so that its spectral radius is near radius
 * </pre>
 *
 * @param units units per layer
 * @param layers number of layers
 * @param p probability of a recurrent connection
 * @param radius spectral radius of W for many units
 * @param inputP probability of an input connection
 * @param inputScale largest input weight
 * @param leak share of the new in each step, in (0, 1]
 * @param activation f
 * @param storage how the matrices are kept; never what they are
 */
public record LeakyReservoir(
    int units,
    int layers,
    double p,
    double radius,
    double inputP,
    double inputScale,
    double leak,
    Activation activation,
    Rows.Storage storage) {

  /** What a unit makes of its input. */
  public enum Activation {
    /** Hyperbolic tangent. */
    TANH,
    /** max(0, h). */
    RELU
  }

  static final String INPUT = "input";

  public LeakyReservoir {
    require(units >= 1, "units must be at least 1", units);
    require(layers >= 1, "layers must be at least 1", layers);
    require(leak > 0 && leak <= 1, "leak must be in (0, 1]", leak);
    require(radius >= 0 && Double.isFinite(radius), "radius must be at least 0", radius);
    require(
        inputScale >= 0 && Double.isFinite(inputScale),
        "input scale must be at least 0",
        inputScale);
  }

  private static void require(boolean holds, String rule, double value) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", got " + value);
    }
  }

  /** Name of the state of a layer. */
  static String state(int layer) {
    return "layer" + layer + ".s";
  }

  /** Recurrent weights of a layer. */
  Connectivity recurrent() {
    double deviation = p == 0 ? 0 : radius / Math.sqrt(units * p);
    return new Weighted(new Bernoulli(units, units, p), Weighted.Law.NORMAL, 0, deviation);
  }

  /** Weights into a layer from {@code sources} inputs. */
  Connectivity input(int sources) {
    return new Weighted(
        new Bernoulli(sources, units, inputP), Weighted.Law.UNIFORM, -inputScale, 2 * inputScale);
  }

  /**
   * One step of a batch.
   *
   * @param inputs number of inputs per step
   * @param batch members of the batch
   */
  public Program program(int inputs, int batch) {
    var trace = new Trace("reservoir");
    Expr u = declare(trace, INPUT, inputs * batch);
    Expr share = trace.parameter("leak", DType.F32);
    for (int layer = 0; layer < layers; layer++) {
      Expr s = declare(trace, state(layer), Math.multiplyExact(units, batch));
      Rows in = input(layer == 0 ? inputs : units).rows("layer" + layer + ".w_in", storage);
      Rows w = recurrent().rows("layer" + layer + ".w", storage);
      Expr h = product(trace, u, in).plus(product(trace, s, w));
      Expr f = activation == Activation.TANH ? h.apply(spindle.ir.Op.TANH) : h.max(0);
      Expr next = share.from(1).times(s).plus(share.times(f));
      trace.store(state(layer), next);
      u = next;
    }
    return trace.finish();
  }

  private static Expr product(Trace trace, Expr x, Rows rows) {
    return trace.propagate(x, rows, Direction.ALONG, DType.F32);
  }

  private static Expr declare(Trace trace, String name, int length) {
    return trace.load(trace.declare(Variable.of(name, Type.vector(DType.F32, length))).name());
  }

  /** Values of the program's parameters under a seed. */
  Map<String, Double> arguments(int inputs, long seed) {
    var arguments = new HashMap<String, Double>();
    arguments.put("leak", leak);
    for (int layer = 0; layer < layers; layer++) {
      int sources = layer == 0 ? inputs : units;
      arguments.putAll(input(sources).arguments("layer" + layer + ".w_in", seed));
      arguments.putAll(recurrent().arguments("layer" + layer + ".w", seed));
    }
    return arguments;
  }

  /** Expected number of synapses. */
  public double expectedSynapses(int inputs) {
    double in = input(inputs).expectedSynapses();
    double between = layers > 1 ? input(units).expectedSynapses() : 0;
    return in + (layers - 1) * between + layers * recurrent().expectedSynapses();
  }
}

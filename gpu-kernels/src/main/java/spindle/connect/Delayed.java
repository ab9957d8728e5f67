package spindle.connect;

import java.util.HashMap;
import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Rows;

/**
 * A connectivity whose synapses have delays of their own, a pure function of seed, row and column;
 * a spike of step k over a delay of d steps is felt at step k + max(d, 1).
 *
 * @param connected which pairs are connected
 * @param law of the delays
 */
public record Delayed(Connectivity connected, Law law) implements Connectivity {

  /** How delays follow from the two ends of a synapse. */
  public sealed interface Law {
    /** The longest delay of this law [steps], at least 1. */
    int longest();
  }

  /**
   * One delay for all.
   *
   * @param steps delay [steps]
   */
  public record Constant(int steps) implements Law {
    public Constant {
      requireDelay(steps);
    }

    @Override
    public int longest() {
      return Math.max(1, steps);
    }
  }

  /**
   * Whole steps, each of those from {@code low} to {@code high} with the same probability, to 2^-24
   * times their number.
   *
   * @param low shortest delay [steps]
   * @param high longest delay [steps]
   */
  public record Uniform(int low, int high) implements Law {
    public Uniform {
      requireDelay(low);
      if (high < low || high - low >= 1 << 20) {
        throw new IllegalArgumentException(
            "the longest delay must be in [" + low + ", " + low + " + 2^20) steps, got " + high);
      }
    }

    @Override
    public int longest() {
      return Math.max(1, high);
    }
  }

  /**
   * Distance over conduction velocity plus an offset, rounded to the nearest step, halves up.
   * Distances are in spacings of {@code to}, over which {@code from} is stretched edge to edge.
   *
   * @param from grid of the presynaptic neurons
   * @param to grid of the postsynaptic neurons, with edges that meet where those of {@code from} do
   * @param velocity spacings passed per step
   * @param offset delay at distance 0 [steps]
   */
  public record Distance(Grid from, Grid to, double velocity, double offset) implements Law {
    public Distance {
      if (from.periodic() != to.periodic()) {
        throw new IllegalArgumentException("edges meet on one of two grids: " + from + ", " + to);
      }
      if (from.size() < 1 || to.size() < 1) {
        throw new IllegalArgumentException(
            "a grid has at least 1 neuron, got " + from + " and " + to);
      }
      if (!((float) velocity > 0 && Float.isFinite((float) velocity) && offset >= 0)) {
        throw new IllegalArgumentException(
            "velocity must be > 0, finite, and offset >= 0, got " + velocity + " and " + offset);
      }
      requireDelay(to.farthest(from) / velocity + offset);
    }

    /** Both sides on one grid. */
    public Distance(Grid grid, double velocity, double offset) {
      this(grid, grid, velocity, offset);
    }

    /** At least what the farthest pair has: each operation of a delay grows with its operand. */
    @Override
    public int longest() {
      float steps = to.farthest(from) / (float) velocity + (float) offset;
      return Math.max(1, (int) (steps + 0.5f));
    }
  }

  public Delayed {
    if (law instanceof Distance d
        && (connected.pre() != d.from.size() || connected.post() != d.to.size())) {
      throw new IllegalArgumentException(
          "grids of %d and %d neurons, got %d x %d"
              .formatted(d.from.size(), d.to.size(), connected.pre(), connected.post()));
    }
  }

  private static void requireDelay(double steps) {
    if (!(steps >= 0 && steps <= 1 << 30)) {
      throw new IllegalArgumentException("a delay must be in [0, 2^30] steps, got " + steps);
    }
  }

  /** What a connectivity is without its delays. */
  public static Connectivity undelayed(Connectivity connectivity) {
    return connectivity instanceof Delayed delayed ? undelayed(delayed.connected) : connectivity;
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
    if (plain.delayed()) {
      throw new IllegalArgumentException("synapses have delays already: " + connected);
    }
    if (law.longest() == 1) {
      return plain;
    }
    var t = new RowTrace(name, plain.body().name() + " delays");
    Map<String, Expr> outputs = t.inline(plain.body());
    outputs.forEach(t::output);
    t.output(Rows.DELAY, delay(t, outputs.get(Rows.COLUMN), plain.byPost()).max(1));
    return plain.with(t.finish(), law.longest());
  }

  private Expr delay(RowTrace t, Expr column, boolean byPost) {
    if (law instanceof Constant) {
      return t.parameter("delay", DType.I32);
    } else if (law instanceof Uniform) {
      Expr bits = t.keys("delays").at(t.row(), t.integer(0)).bits(column);
      Expr u = bits.apply(Op.SHR, bits.like(8)).as(DType.F32).times(0x1p-24);
      Expr choices = t.parameter("delay_choices", DType.I32);
      Expr above = u.times(choices.as(DType.F32)).as(DType.I32).min(choices.minus(1));
      return t.parameter("delay_low", DType.I32).plus(above);
    }
    // Rows go by either side; only the two places of a synapse matter.
    var d = (Distance) law;
    Expr distance = d.to.distance(d.from, byPost ? column : t.row(), byPost ? t.row() : column);
    Expr steps = distance.over(t.parameter("velocity", DType.F32));
    return steps.plus(t.parameter("delay_offset", DType.F32)).plus(0.5).as(DType.I32);
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    var arguments = new HashMap<>(connected.arguments(name, seed));
    if (law instanceof Constant c) {
      arguments.put(name + ".delay", (double) c.steps());
    } else if (law instanceof Uniform u) {
      arguments.putAll(RowTrace.keyArguments(name, "delays", seed));
      arguments.put(name + ".delay_low", (double) u.low());
      arguments.put(name + ".delay_choices", u.high() - u.low() + 1.0);
    } else if (law instanceof Distance d) {
      arguments.put(name + ".velocity", d.velocity());
      arguments.put(name + ".delay_offset", d.offset());
    }
    return arguments;
  }

  @Override
  public double expectedSynapses() {
    return connected.expectedSynapses();
  }
}

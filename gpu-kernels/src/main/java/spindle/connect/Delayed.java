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
   * Distance over conduction velocity plus an offset, rounded to the nearest step, halves up. Both
   * sides fill one grid: neuron i stands in line i / width at place i % width.
   *
   * @param height lines of the grid, 1 for neurons on a line
   * @param width neurons per line
   * @param periodic whether each side borders the opposite one
   * @param velocity neighbours passed per step
   * @param offset delay at distance 0 [steps]
   */
  public record Distance(int height, int width, boolean periodic, double velocity, double offset)
      implements Law {
    public Distance {
      if (new Grid(height, width, periodic).size() < 1) {
        throw new IllegalArgumentException(
            "a grid has 1 to 2^30 neurons, got " + height + " x " + width);
      }
      if (!(velocity > 0 && offset >= 0)) {
        throw new IllegalArgumentException(
            "velocity must be > 0 and offset >= 0, got " + velocity + " and " + offset);
      }
      requireDelay(new Grid(height, width, periodic).farthest() / velocity + offset);
    }

    private Grid grid() {
      return new Grid(height, width, periodic);
    }

    /** What the farthest pair has: each operation of {@link #delay} grows with its operand. */
    @Override
    public int longest() {
      float steps = grid().farthest() / (float) velocity + (float) offset;
      return Math.max(1, (int) (steps + 0.5f));
    }
  }

  public Delayed {
    if (law instanceof Distance d) {
      int size = d.grid().size();
      if (connected.pre() != size || connected.post() != size) {
        throw new IllegalArgumentException(
            "a grid of "
                + size
                + " neurons on either side, got "
                + connected.pre()
                + " x "
                + connected.post());
      }
    }
  }

  private static void requireDelay(double steps) {
    if (!(steps >= 0 && steps <= 1 << 30)) {
      throw new IllegalArgumentException("a delay must be in [0, 2^30] steps, got " + steps);
    }
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
    t.output(Rows.DELAY, delay(t, outputs.get(Rows.COLUMN)).max(1));
    return plain.with(t.finish(), law.longest());
  }

  private Expr delay(RowTrace t, Expr column) {
    if (law instanceof Constant) {
      return t.parameter("delay", DType.I32);
    } else if (law instanceof Uniform) {
      Expr bits = t.keys("delays").at(t.row(), t.integer(0)).bits(column);
      Expr u = bits.apply(Op.SHR, bits.like(8)).as(DType.F32).times(0x1p-24);
      Expr choices = t.parameter("delay_choices", DType.I32);
      Expr above = u.times(choices.as(DType.F32)).as(DType.I32).min(choices.minus(1));
      return t.parameter("delay_low", DType.I32).plus(above);
    }
    Expr distance = ((Distance) law).grid().distance(t.row(), column);
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

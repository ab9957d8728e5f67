package spindle.connect;

import java.util.Map;
import spindle.ir.DType;
import spindle.ir.Deviates;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Rows;

/**
 * Neurons on grids are connected with a probability that falls with their distance d:
 *
 * <pre>p(d) = peak exp(-d^2 / (2 sigma^2))</pre>
 *
 * <p>Each pair has a deviate u of its own and is connected where u is at most p(d), independently
 * of all others. A row tests the box of cells in which p(d) is not below 2^-24, the least that u
 * resolves, 21 / peak cells per synapse of a wide one; box and chunks do not enter the definition.
 * Skipping at the peak's probability and thinning draws fewer, but one after the other: cheaper
 * only below a peak of 0.1. Distances are in spacings of the postsynaptic grid, over which the
 * presynaptic one is stretched edge to edge.
 *
 * @param from grid of the presynaptic neurons
 * @param to grid of the postsynaptic neurons, with edges that meet where those of {@code from} do
 * @param sigma standard deviation [spacings of {@code to}]
 * @param peak connection probability at distance 0
 * @param self whether a neuron may be connected to itself; on equal grids it may not otherwise
 */
public record Gaussian(Grid from, Grid to, double sigma, double peak, boolean self)
    implements Connectivity {
  /** log2 of the smallest deviate. */
  private static final double LEAST = -24;

  /** As many targets fit a cache. */
  private static final int CHUNK = 1 << 15;

  /** Most cells of a box in a chunk: f32 divides such numbers rightly. */
  private static final int MOST_CELLS = 1 << 22;

  public Gaussian {
    if (from.periodic() != to.periodic()) {
      throw new IllegalArgumentException("edges meet on one of two grids: " + from + ", " + to);
    }
    if (!self && !from.equals(to)) {
      throw new IllegalArgumentException(
          "without self-connections both grids are one, got " + from + ", " + to);
    }
    if (!(sigma > 0 && Double.isFinite(sigma))) {
      throw new IllegalArgumentException("sigma must be > 0 and finite, got " + sigma);
    }
    if (!(peak >= 0 && peak <= 1)) {
      throw new IllegalArgumentException("peak must be in [0, 1], got " + peak);
    }
  }

  @Override
  public int pre() {
    return from.size();
  }

  @Override
  public int post() {
    return to.size();
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    var t = new RowTrace(name, "gaussian");
    Grid.Place centre = from.place(t.row(), to);
    Expr top = t.chunk().times(t.parameter("band", DType.I32));
    Expr bottom = top.plus(t.parameter("band", DType.I32));
    Side y = side(t, "y", centre.y(), to.height()).within(top, bottom);
    Side x = side(t, "x", centre.x(), to.width());
    Expr down = Grid.quotient(t.cursor(), x.cells(), DType.F32);
    Expr cellY = y.cell(down);
    Expr cellX = x.cell(t.cursor().minus(down.times(x.cells())));
    Expr column = cellY.times(to.width()).plus(cellX);
    t.output(Rows.FIRST, t.integer(0))
        .output(Rows.END, x.cells().times(y.cells()))
        .output(Rows.COLUMN, column)
        .output(Rows.ACCEPT, accept(t, centre, new Grid.Place(cellY, cellX), column))
        .output(Rows.NEXT, t.cursor().plus(1));
    return new Rows(name, pre(), post(), chunks(), false, storage, t.finish());
  }

  private Expr accept(RowTrace t, Grid.Place centre, Grid.Place cell, Expr column) {
    var place = new Grid.Place(cell.y().as(DType.F32), cell.x().as(DType.F32));
    Expr d2 = to.squaredDistance(centre, place);
    Expr exponent =
        t.parameter("log2_peak", DType.F32).minus(d2.times(t.parameter("per_d2", DType.F32)));
    Expr u = t.keys("pairs").at(t.row(), t.integer(0)).uniform(DType.F32, column);
    Expr connected = Deviates.happens(u, exponent);
    return (self ? connected : connected.times(d2.min(1))).as(DType.I32);
  }

  /**
   * The cells of a box along one side, ascending: {@code early} ones from {@code begin} on, which
   * are there where the box reaches over an edge, then {@code [start, end)}.
   */
  private record Side(boolean wraps, Expr begin, Expr early, Expr start, Expr end) {
    /** The part inside {@code [a, b)}. */
    Side within(Expr a, Expr b) {
      Expr some = wraps ? begin.plus(early).min(b).minus(a).max(0) : early;
      return new Side(wraps, a, some, start.max(a), end.min(b));
    }

    Expr cells() {
      Expr late = end.minus(start).max(0);
      return wraps ? early.plus(late) : late;
    }

    Expr cell(Expr number) {
      if (!wraps) {
        return number.plus(start);
      }
      Expr late = start.minus(early);
      return number.plus(late).plus(sign(number.minus(early)).times(begin.minus(late)));
    }
  }

  /** 1 below 0, else 0. */
  private static Expr sign(Expr difference) {
    return difference.apply(Op.SHR, difference.like(31));
  }

  private Side side(RowTrace t, String axis, Expr centre, int length) {
    Expr cells = t.parameter("cells_" + axis, DType.I32);
    // A centre is above -1, so that truncating what is 1 more rounds down.
    Expr cell = centre.plus(1).as(DType.I32).minus(1);
    Expr first = cell.minus(t.parameter("reach_" + axis, DType.I32));
    Expr zero = t.integer(0);
    if (!to.periodic()) {
      return new Side(false, zero, zero, first.max(0), first.plus(cells).min(length));
    }
    Expr start = first.plus(sign(first).times(length));
    Expr over = start.plus(cells).minus(length);
    return new Side(true, zero, over.max(0), start, start.plus(cells).min(length));
  }

  /** How far a box reaches from the cell of its centre, and its cells, along one side. */
  private record Reach(int before, int cells) {
    static Reach of(double radius, int own, int length, boolean periodic) {
      // A little more than the radius, which f32 does not meet exactly; cells that lie between
      // those of the other grid may have one more on one side.
      double wanted = Math.min(length, radius * (1 + 1e-5));
      int slack = own == length ? 0 : 1;
      int before = (int) wanted + slack;
      int cells = 2 * before + 1 + slack;
      return periodic && cells >= length ? new Reach(0, length) : new Reach(before, cells);
    }
  }

  private Reach reachY() {
    return Reach.of(radius(), from.height(), to.height(), to.periodic());
  }

  private Reach reachX() {
    return Reach.of(radius(), from.width(), to.width(), to.periodic());
  }

  /** Where p(d) falls below the smallest deviate. */
  private double radius() {
    return Math.sqrt(Math.max(0, (log2Peak() - LEAST) / perD2()));
  }

  private double log2Peak() {
    return StrictMath.log(peak) / StrictMath.log(2);
  }

  /** What p(d) loses in powers of 2 per d^2, as far as an f32 goes. */
  private double perD2() {
    return Math.min(1 / (2 * sigma * sigma * StrictMath.log(2)), Float.MAX_VALUE);
  }

  /** Grid rows per chunk: as many as a cache holds, or a box reaches over. */
  private int band() {
    int cells = Math.max(1, Math.min(reachX().cells(), to.width()));
    int wanted = Math.max(CHUNK / Math.max(1, to.width()), reachY().cells());
    return Math.max(1, Math.min(wanted, MOST_CELLS / cells));
  }

  private int chunks() {
    return Math.max(1, (to.height() + band() - 1) / band());
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    Map<String, Double> arguments = RowTrace.keyArguments(name, "pairs", seed);
    arguments.put(name + ".log2_peak", log2Peak());
    arguments.put(name + ".per_d2", perD2());
    arguments.put(name + ".band", (double) band());
    arguments.put(name + ".reach_y", (double) reachY().before());
    arguments.put(name + ".cells_y", (double) reachY().cells());
    arguments.put(name + ".reach_x", (double) reachX().before());
    arguments.put(name + ".cells_x", (double) reachX().cells());
    return arguments;
  }

  @Override
  public double expectedSynapses() {
    double all =
        peak
            * sum(from.height(), to.height(), reachY().cells())
            * sum(from.width(), to.width(), reachX().cells());
    return self ? all : all - peak * pre();
  }

  /** The sum of exp(-d^2 / (2 sigma^2)) over the pairs of two sides that are within reach. */
  private double sum(int own, int length, int reach) {
    double sum = 0;
    for (int i = 0; i < own; i++) {
      double centre = (i + 0.5) * length / own - 0.5;
      int from = Math.max((int) centre - reach, to.periodic() ? (int) centre - length / 2 : 0);
      int end = Math.min((int) centre + reach + 1, to.periodic() ? from + length : length);
      for (int j = from; j < end; j++) {
        double d = Math.abs(j - centre);
        d = to.periodic() ? Math.min(d, length - d) : d;
        sum += StrictMath.exp(-d * d / (2 * sigma * sigma));
      }
    }
    return sum;
  }
}

package spindle.connect;

import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Op;

/**
 * Neurons on a rectangular grid, row by row: neuron i in grid row i / width, grid column i % width.
 *
 * <p>Two grids share one plane: that of the sources is stretched over that of the targets, edge to
 * edge, so that the centre of cell x of w comes to (x + 1/2) w' / w - 1/2. Lengths are in spacings
 * of the grid of the targets.
 *
 * @param height number of grid rows
 * @param width number of grid columns
 * @param periodic whether opposite edges meet
 */
public record Grid(int height, int width, boolean periodic) {
  /** Beyond this, f32 no longer tells neighbouring places well apart. */
  private static final int LONGEST = 1 << 20;

  public Grid {
    if (height < 0 || width < 0 || height > LONGEST || width > LONGEST) {
      throw new IllegalArgumentException(
          "height and width must be in [0, 2^20], got " + height + " x " + width);
    }
    if ((long) height * width > 1 << 30) {
      throw new IllegalArgumentException(
          "a grid has at most 2^30 cells, got " + height + " x " + width);
    }
  }

  /** Number of neurons. */
  public int size() {
    return height * width;
  }

  /** A place: grid row and column, whole for a neuron of this grid. */
  record Place(Expr y, Expr x) {}

  /** The place of a neuron, as i32. */
  Place place(Expr neuron) {
    int wide = Math.max(1, width);
    Expr y = quotient(neuron, neuron.like(wide), DType.F64);
    return new Place(y, neuron.minus(y.times(wide)));
  }

  /** floor(n / width) of counts: right for n below 2^22 in f32, below 2^51 in f64. */
  static Expr quotient(Expr n, Expr width, DType dtype) {
    // n + 1/2 is exact and at least half a part of the width away from where rounding could tip.
    return n.as(dtype).plus(0.5).over(width.as(dtype)).as(DType.I32);
  }

  /** The place of a neuron on another grid, as f32. */
  Place place(Expr neuron, Grid on) {
    Place own = place(neuron);
    return new Place(scaled(own.y, height, on.height), scaled(own.x, width, on.width));
  }

  private static Expr scaled(Expr cell, int from, int to) {
    Expr centre = cell.as(DType.F32);
    return from == to ? centre : centre.plus(0.5).times(to).over(from).minus(0.5);
  }

  /** The squared distance of two places of f32, the shorter way round where edges meet. */
  Expr squaredDistance(Place a, Place b) {
    Expr dy = distance(a.y, b.y, height);
    Expr dx = distance(a.x, b.x, width);
    return dy.times(dy).plus(dx.times(dx));
  }

  private Expr distance(Expr a, Expr b, int side) {
    Expr direct = a.minus(b).apply(Op.ABS);
    return periodic ? direct.min(direct.from(side)) : direct;
  }

  /** The Euclidean distance of neuron a of another grid and b of this one, f32. */
  Expr distance(Grid other, Expr a, Expr b) {
    Place from = other.place(a, this);
    Place to = place(b, this);
    Expr x = distance(from.x, to.x, width);
    Expr y = distance(from.y, to.y, height);
    return other.height == 1 && height == 1 ? x : x.times(x).plus(y.times(y)).sqrt();
  }

  /** At least the largest distance of a neuron of another grid and one of this, the same bits. */
  float farthest(Grid other) {
    float x = farthest(other.width, width);
    float y = farthest(other.height, height);
    return other.height == 1 && height == 1 ? x : (float) Math.sqrt(x * x + y * y);
  }

  /** Along one side: half of it, or from the first cell of one grid to the last of the other. */
  private float farthest(int from, int to) {
    if (periodic) {
      float half = to / 2f;
      return from == to ? (int) half : half;
    }
    float first = from == to ? 0 : 0.5f * to / from - 0.5f;
    float last = from == to ? to - 1 : (from - 1 + 0.5f) * to / from - 0.5f;
    return Math.max(Math.abs(first - (to - 1)), Math.abs(last));
  }
}

package spindle.connect;

import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Op;

/**
 * Neurons on a grid, line by line: neuron i stands in line i / width at place i % width; a line is
 * a grid of height 1.
 *
 * @param height number of lines
 * @param width neurons per line
 * @param periodic whether each side borders the opposite one, as on a torus
 */
record Grid(int height, int width, boolean periodic) {
  /** An exact f32 quotient: a place and a half has 23 bits at most. */
  private static final int EXACT = 1 << 22;

  Grid {
    if (height < 1 || width < 1 || (long) height * width > 1 << 30) {
      throw new IllegalArgumentException(
          "a grid has 1 to 2^30 neurons, got " + height + " x " + width);
    }
  }

  /** Number of neurons. */
  int size() {
    return height * width;
  }

  /** How far neurons a and b are apart along a line, i32. */
  Expr dx(Expr a, Expr b) {
    return apart(place(a), place(b), width);
  }

  /** By how many lines neurons a and b are apart, i32. */
  Expr dy(Expr a, Expr b) {
    return apart(line(a), line(b), height);
  }

  /** The Euclidean distance of neurons a and b, f32. */
  Expr distance(Expr a, Expr b) {
    Expr x = dx(a, b).as(DType.F32);
    Expr y = dy(a, b).as(DType.F32);
    return height == 1 ? x : x.times(x).plus(y.times(y)).sqrt();
  }

  /** The largest {@link #distance}, the same bits. */
  float farthest() {
    float x = periodic ? width / 2 : width - 1;
    float y = periodic ? height / 2 : height - 1;
    return height == 1 ? x : (float) Math.sqrt(x * x + y * y);
  }

  private Expr line(Expr neuron) {
    DType dtype = size() <= EXACT ? DType.F32 : DType.F64;
    return neuron.as(dtype).plus(0.5).over(width).as(DType.I32);
  }

  private Expr place(Expr neuron) {
    return height == 1 ? neuron : neuron.minus(line(neuron).times(width));
  }

  private Expr apart(Expr a, Expr b, int size) {
    Expr d = a.minus(b).apply(Op.ABS);
    return periodic ? d.min(d.from(size)) : d;
  }
}

package spindle.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import spindle.task.Value;

/**
 * The points spanned by axes, numbered from 0: sampled points slowest, then the grid axes in order
 * with the last fastest. Any point is computed from its number alone.
 */
final class Space {
  private final List<Axis> axes;
  private final Selection.Sampling sampling;
  private final Draws draws;
  private final long[] stride;
  private final long grid;
  private final long cells;

  /**
   * @throws ArithmeticException if there are more than 2^63 - 1 points
   */
  Space(List<Axis> axes, Selection.Sampling sampling) {
    this.axes = List.copyOf(axes);
    this.sampling = sampling;
    this.draws = new Draws(sampling);
    stride = new long[axes.size()];
    long product = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      stride[i] = product;
      if (!sampled(axes.get(i))) {
        product = Math.multiplyExact(product, (long) axes.get(i).values().size());
      }
    }
    grid = product;
    cells = sampling.draws() ? Math.multiplyExact(product, sampling.n()) : product;
  }

  long cells() {
    return cells;
  }

  List<Axis> axes() {
    return axes;
  }

  boolean sampled(Axis axis) {
    return sampling.over().contains(axis.name());
  }

  /** The space of some axes only; sampled points stay what they are. */
  Space of(Set<String> names) {
    var kept = new ArrayList<Axis>();
    axes.stream().filter(a -> names.contains(a.name())).forEach(kept::add);
    boolean draws = kept.stream().anyMatch(this::sampled);
    return new Space(kept, draws ? sampling : Selection.Sampling.GRID);
  }

  /** The value of each axis at a point, in the order of the axes. */
  Value[] point(long cell) {
    var values = new Value[axes.size()];
    for (int i = 0; i < values.length; i++) {
      Axis axis = axes.get(i);
      values[i] = sampled(axis) ? draw(axis, cell / grid) : axis.values().get(digit(i, cell));
    }
    return values;
  }

  private int digit(int axis, long cell) {
    return (int) (cell % grid / stride[axis] % axes.get(axis).values().size());
  }

  private Value draw(Axis axis, long k) {
    double u = draws.at(axis.name(), k);
    return axis.range()
        ? Points.between(axis.values().get(0), axis.values().get(1), axis.round())
            .at(u, axis.logarithmic())
        : axis.values().get((int) (u * axis.values().size()));
  }
}

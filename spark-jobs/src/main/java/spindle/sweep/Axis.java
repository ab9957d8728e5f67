package spindle.sweep;

import java.util.List;
import spindle.task.Value;

/**
 * One swept parameter.
 *
 * @param name parameter of the task
 * @param values the points of the axis in order; the two ends of a {@code range}
 * @param logarithmic whether points are spaced evenly in the logarithm, for plots and sampling
 * @param range whether values are drawn from between the two ends
 */
public record Axis(String name, List<Value> values, boolean logarithmic, boolean range) {
  public Axis {
    values = List.copyOf(values);
  }

  /** An axis with points. */
  public Axis(String name, List<Value> values, boolean logarithmic) {
    this(name, values, logarithmic, false);
  }
}

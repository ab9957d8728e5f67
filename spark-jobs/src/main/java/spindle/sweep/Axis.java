package spindle.sweep;

import java.util.List;
import spindle.task.Value;

/**
 * One swept parameter.
 *
 * @param name parameter of the task
 * @param values the points of the axis in order; for random sampling the two ends
 * @param logarithmic whether points are spaced evenly in the logarithm, for plots and sampling
 */
public record Axis(String name, List<Value> values, boolean logarithmic) {
  public Axis {
    values = List.copyOf(values);
  }
}

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
 * @param stage the stage of a trial that this parameter comes in with, empty for the first: it
 *     changes neither seeds nor what came before
 */
public record Axis(
    String name, List<Value> values, boolean logarithmic, boolean range, String stage) {
  public Axis {
    values = List.copyOf(values);
  }

  /** An axis with points. */
  public Axis(String name, List<Value> values, boolean logarithmic) {
    this(name, values, logarithmic, false, "");
  }

  /** The same axis of a later stage. */
  Axis at(String later) {
    return new Axis(name, values, logarithmic, range, later);
  }
}

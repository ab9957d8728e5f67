package spindle.sweep;

import java.math.BigDecimal;
import java.util.List;
import spindle.task.Value;

/**
 * One swept parameter.
 *
 * @param name parameter of the task
 * @param values the points of the axis in order; the two ends of a range
 * @param kind how the points came about
 * @param round points are multiples of it, in the unit of the first one; 0: any
 * @param stage the stage of a trial that this parameter comes in with, empty for the first: it
 *     changes neither seeds nor what came before
 */
public record Axis(String name, List<Value> values, Kind kind, BigDecimal round, String stage) {
  /** How the points of an axis came about. */
  public enum Kind {
    /** The file lists them. */
    LISTED,
    /** Equal steps between two ends. */
    LINEAR,
    /** Equal ratios between two ends. */
    LOGARITHMIC,
    /** Drawn from between two ends, evenly in value. */
    UNIFORM,
    /** Drawn from between two ends, evenly in the logarithm. */
    LOG_UNIFORM
  }

  public Axis {
    values = List.copyOf(values);
  }

  /** An axis whose points are listed. */
  public static Axis listed(String name, List<Value> values) {
    return new Axis(name, values, Kind.LISTED, BigDecimal.ZERO, "");
  }

  /** Whether points are spaced evenly in the logarithm, for plots and sampling. */
  public boolean logarithmic() {
    return kind == Kind.LOGARITHMIC || kind == Kind.LOG_UNIFORM;
  }

  /** Whether values are drawn from between the two ends. */
  public boolean range() {
    return kind == Kind.UNIFORM || kind == Kind.LOG_UNIFORM;
  }

  /** The same axis of a later stage. */
  Axis at(String later) {
    return new Axis(name, values, kind, round, later);
  }
}

package spindle.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spindle.sweep.Axis;
import spindle.sweep.InvalidSweep;
import spindle.sweep.Sweep;
import spindle.sweep.Sweeps;
import spindle.task.Value;

/**
 * What the sweep file says about its axes; nothing if it cannot be read any more.
 *
 * @param spacings how the values of each axis lie, by name
 */
record Declared(Map<String, Spacing> spacings) {
  /** Reads the text of a sweep file with its overrides. */
  static Declared of(String yaml, List<String> overrides) {
    var spacings = new HashMap<String, Spacing>();
    try {
      Sweep sweep = Sweeps.onClassPath().read("report", yaml, overrides);
      sweep.axes().forEach(a -> spacings.put(a.name(), spacing(a)));
    } catch (InvalidSweep e) {
      // An older file, or one of a model that is not here: the values speak for themselves.
    }
    return new Declared(spacings);
  }

  private static Spacing spacing(Axis axis) {
    if (axis.range()) {
      return axis.logarithmic() ? Spacing.LOG_UNIFORM : Spacing.UNIFORM;
    }
    if (axis.logarithmic()) {
      return Spacing.LOGARITHMIC;
    }
    return axis.values().stream().anyMatch(v -> v instanceof Value.Word)
        ? Spacing.CHOICE
        : Spacing.of(axis.values().stream().map(Declared::number).sorted().toList());
  }

  /** In SI units: spacing is the same in any. */
  private static double number(Value value) {
    return value instanceof Value.Real real ? real.quantity().si() : ((Value.Count) value).count();
  }

  /** How an axis is spaced, if the file says so. */
  Optional<Spacing> spacing(String axis) {
    return Optional.ofNullable(spacings.get(axis));
  }
}

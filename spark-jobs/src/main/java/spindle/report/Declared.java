package spindle.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spindle.sweep.Axis;
import spindle.sweep.InvalidSweep;
import spindle.sweep.Sweep;
import spindle.sweep.Sweeps;
import spindle.task.Metric;
import spindle.task.Task;
import spindle.task.Tasks;

/**
 * What the sweep file and its model say; nothing if the file cannot be read any more.
 *
 * @param spacings how the values of each axis lie, by name
 * @param metrics metrics in the order of the file, else of the model
 * @param unused why a held parameter is not read, by name
 */
record Declared(Map<String, Spacing> spacings, List<String> metrics, Map<String, String> unused) {
  private static final Declared NOTHING = new Declared(Map.of(), List.of(), Map.of());

  /** Reads the text of a sweep file with its overrides. */
  static Declared of(String yaml, List<String> overrides) {
    try {
      Sweep sweep = Sweeps.onClassPath().read("report", yaml, overrides);
      Task.Description model = sweep.refined(Tasks.named(sweep.model())).describe();
      var spacings = new HashMap<String, Spacing>();
      sweep.axes().forEach(a -> spacings.put(a.name(), spacing(a)));
      List<String> metrics =
          sweep.metrics().isEmpty()
              ? model.metrics().stream().map(Metric::name).toList()
              : sweep.metrics();
      return new Declared(spacings, metrics, sweep.unused(model));
    } catch (InvalidSweep e) {
      // An older file, or one of a model that is not here: the values speak for themselves.
      return NOTHING;
    }
  }

  private static Spacing spacing(Axis axis) {
    return switch (axis.kind()) {
      case LISTED -> Spacing.LISTED;
      case LINEAR -> Spacing.LINEAR;
      case LOGARITHMIC -> Spacing.LOGARITHMIC;
      case UNIFORM -> Spacing.UNIFORM;
      case LOG_UNIFORM -> Spacing.LOG_UNIFORM;
    };
  }

  /** How an axis is spaced, if the file says so. */
  Optional<Spacing> spacing(String axis) {
    return Optional.ofNullable(spacings.get(axis));
  }

  /** Place of a metric on the page: as declared, then a rate, then any other. */
  int rank(String metric) {
    int named = metrics.indexOf(metric);
    if (named >= 0) {
      return named;
    }
    return metric.equals("mean_rate") ? metrics.size() : metrics.size() + 1;
  }
}

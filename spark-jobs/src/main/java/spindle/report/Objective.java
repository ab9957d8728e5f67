package spindle.report;

import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What the sweep file says about its metrics.
 *
 * @param metrics metrics in the order of the file, empty if it names none
 * @param target metric to optimise, empty if the file names none
 * @param smallest whether a small value of the target is better
 */
record Objective(List<String> metrics, String target, boolean smallest) {
  private static final Objective NONE = new Objective(List.of(), "", false);

  /** Reads it from the text of a sweep file; a text that is no such file says nothing. */
  static Objective of(String yaml) {
    try {
      Object root = new Load(LoadSettings.builder().build()).loadFromString(yaml);
      return root instanceof Map<?, ?> file ? of(file) : NONE;
    } catch (YamlEngineException e) {
      return NONE;
    }
  }

  private static Objective of(Map<?, ?> file) {
    List<String> metrics =
        file.get("metrics") instanceof List<?> names
            ? names.stream().map(String::valueOf).toList()
            : List.of();
    if (file.get("search") instanceof Map<?, ?> search
        && search.get("objective") instanceof Map<?, ?> goal
        && goal.get("metric") != null) {
      return new Objective(metrics, goal.get("metric").toString(), "min".equals(goal.get("mode")));
    }
    return new Objective(metrics, "", false);
  }

  /** Place of a metric on the page: the target, the file's own, a rate, any other. */
  int rank(String metric) {
    if (metric.equals(target)) {
      return -1;
    }
    int named = metrics.indexOf(metric);
    if (named >= 0) {
      return named;
    }
    return metric.equals("mean_rate") ? metrics.size() : metrics.size() + 1;
  }
}

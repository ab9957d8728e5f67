package spindle.result;

import java.util.List;
import java.util.Map;

/**
 * What all trials of a run have in common, as their rows repeat it.
 *
 * @param metrics metrics to report, empty: all
 * @param axes names of the swept parameters
 * @param overrides {@code --set} arguments
 * @param fixed canonical value of every parameter before the axes are applied
 */
public record RunHeader(
    Layout layout,
    String runId,
    String planId,
    String backend,
    List<String> metrics,
    List<String> axes,
    List<String> overrides,
    Map<String, String> fixed) {
  public RunHeader {
    metrics = List.copyOf(metrics);
    axes = List.copyOf(axes);
    overrides = List.copyOf(overrides);
    fixed = Map.copyOf(fixed);
  }
}

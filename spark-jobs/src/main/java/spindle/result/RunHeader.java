package spindle.result;

import java.util.List;
import java.util.Map;

/**
 * What all trials of a run have in common, as their rows repeat it.
 *
 * @param metrics metrics to report, empty: all
 * @param axes names of the swept parameters
 * @param sources where parameters were set, as {@code params.source} has it; absent: default
 */
public record RunHeader(
    Layout layout,
    String runId,
    String planId,
    String backend,
    List<String> metrics,
    List<String> axes,
    Map<String, String> sources) {
  public RunHeader {
    metrics = List.copyOf(metrics);
    axes = List.copyOf(axes);
    sources = Map.copyOf(sources);
  }
}

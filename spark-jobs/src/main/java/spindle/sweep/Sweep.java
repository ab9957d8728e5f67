package spindle.sweep;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import spindle.task.Guards;
import spindle.task.Recording;
import spindle.task.Settings;

/**
 * A checked sweep file: everything in it is known to fit the model it names.
 *
 * @param name names the folder of results below the root
 * @param about one line for people
 * @param model name of the task
 * @param fixed every parameter of the task with its default or fixed value
 * @param axes what is swept, in file order
 * @param metrics metric names to report, in file order; empty: all
 * @param yaml text of the file
 * @param overrides {@code --set} arguments, in order
 */
public record Sweep(
    String name,
    String about,
    String model,
    Settings fixed,
    List<Axis> axes,
    Replicates replicates,
    Recording recording,
    Guards guards,
    Execution execution,
    List<String> metrics,
    String root,
    String yaml,
    List<String> overrides) {

  public Sweep {
    axes = List.copyOf(axes);
    metrics = List.copyOf(metrics);
    overrides = List.copyOf(overrides);
  }

  /**
   * How often each configuration runs.
   *
   * @param n trials per configuration
   * @param seed root of the seeds
   * @param commonRandomNumbers whether replicate r has the same seed in every configuration
   */
  public record Replicates(int n, long seed, boolean commonRandomNumbers) {}

  /**
   * How trials are run; no part of any identity.
   *
   * @param backend {@code auto}, {@code cpu} or {@code reference}
   * @param partitions number of Spark partitions, 0: chosen
   * @param maxFailedFraction above this share of failed trials the sweep is aborted
   * @param sameError abort when this many finished trials failed alike and none succeeded, 0: never
   */
  public record Execution(
      String backend, int partitions, double maxFailedFraction, int sameError) {}

  /** Settings of the sweep as shown in plan and report: axis name to its values as text. */
  public Map<String, List<String>> axisValues() {
    var shown = new LinkedHashMap<String, List<String>>();
    axes.forEach(a -> shown.put(a.name(), a.values().stream().map(Object::toString).toList()));
    return shown;
  }
}

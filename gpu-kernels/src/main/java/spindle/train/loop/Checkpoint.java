package spindle.train.loop;

import java.util.List;
import java.util.Map;

/**
 * Training between two updates: everything that what follows depends on but the trainee itself and
 * its samples.
 *
 * @param key names what is trained, on what and how
 * @param epoch epochs that are finished
 * @param batch minibatches of the present epoch that are finished
 * @param update updates that are finished
 * @param descent state of the optimizer with the parameters, by name
 * @param sums sums of metrics over the samples of the present epoch
 * @param samples number of those
 * @param curve points so far
 * @param best the best epoch so far
 */
public record Checkpoint(
    String key,
    int epoch,
    int batch,
    long update,
    Map<String, double[]> descent,
    Map<String, Double> sums,
    long samples,
    List<Point> curve,
    Best best) {
  /**
   * The epoch with the least loss, of validation samples where there are some.
   *
   * @param epoch epochs that had been finished, 0 before the first is
   * @param loss infinite before the first is
   * @param parameters by name, empty before the first is
   */
  public record Best(int epoch, double loss, Map<String, double[]> parameters) {
    /** Before the first epoch has ended. */
    public static final Best NONE = new Best(0, Double.POSITIVE_INFINITY, Map.of());

    public Best {
      parameters = Map.copyOf(parameters);
    }
  }

  public Checkpoint {
    descent = Map.copyOf(descent);
    sums = Map.copyOf(sums);
    curve = List.copyOf(curve);
  }
}

package spindle.job;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;
import scala.jdk.javaapi.CollectionConverters;
import spindle.result.TrialStatus;

/**
 * Counts finished trials while their packs still run.
 *
 * <p>Tasks add to accumulators; executors send the running values with every heartbeat, a listener
 * adds them up. For display only: what counts is what is committed.
 */
final class Tally {
  private static final String PREFIX = "spindle.trials.";
  private static final String SECONDS = "spindle.seconds";
  private static final String SPENT = "spindle.spent";

  /** The side of the tasks. */
  record Counters(
      Map<TrialStatus, LongAccumulator> ends, DoubleAccumulator seconds, DoubleAccumulator spent)
      implements Serializable {
    /** A task begins. */
    Lap begin() {
      return new Lap(this);
    }
  }

  /** What one task counts; the time between two counts is what the second took. */
  static final class Lap {
    private final Counters counters;
    private long last = System.nanoTime();

    private Lap(Counters counters) {
      this.counters = counters;
    }

    /** Counts work that trials share. */
    void work(double predictedSeconds) {
      long now = System.nanoTime();
      counters.seconds.add(predictedSeconds);
      counters.spent.add((now - last) / 1e9);
      last = now;
    }

    /** Counts one trial. */
    void count(TrialStatus status, double predictedSeconds) {
      counters.ends.get(status).add(1);
      work(predictedSeconds);
    }
  }

  private final Counters counters;
  private final Map<Long, Map<String, Double>> byTask = new ConcurrentHashMap<>();

  Tally(SparkContext spark) {
    var ends = new EnumMap<TrialStatus, LongAccumulator>(TrialStatus.class);
    for (TrialStatus status : TrialStatus.values()) {
      ends.put(status, spark.longAccumulator(PREFIX + status.word()));
    }
    counters = new Counters(ends, spark.doubleAccumulator(SECONDS), spark.doubleAccumulator(SPENT));
  }

  Counters counters() {
    return counters;
  }

  /** What Spark must be told to call. */
  SparkListener listener() {
    return new Listener();
  }

  /** Trials that ended this way, as far as heard of. */
  long ended(TrialStatus status) {
    return (long) sum(PREFIX + status.word());
  }

  /** Predicted time of the trials that ended [s]. */
  double seconds() {
    return sum(SECONDS);
  }

  /** Wall time that tasks spent on them [s]. */
  double spent() {
    return sum(SPENT);
  }

  private double sum(String name) {
    return byTask.values().stream().mapToDouble(t -> t.getOrDefault(name, 0.0)).sum();
  }

  private void hear(long taskId, Iterable<AccumulableInfo> infos) {
    var values = new HashMap<String, Double>();
    for (AccumulableInfo info : infos) {
      if (info.name().isDefined()
          && info.name().get().startsWith("spindle.")
          && info.update().isDefined()
          && info.update().get() instanceof Number number) {
        values.put(info.name().get(), number.doubleValue());
      }
    }
    if (!values.isEmpty()) {
      byTask.put(taskId, values);
    }
  }

  /** Spark offers its listener for extension only. */
  private final class Listener extends SparkListener {
    @Override
    public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate update) {
      for (var task : CollectionConverters.asJava(update.accumUpdates())) {
        hear((Long) task._1(), CollectionConverters.asJava(task._4()));
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      List<AccumulableInfo> infos =
          new ArrayList<>(CollectionConverters.asJava(end.taskInfo().accumulables().toSeq()));
      hear(end.taskInfo().taskId(), infos);
    }
  }
}

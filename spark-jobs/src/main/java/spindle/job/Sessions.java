package spindle.job;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** Spark sessions as sweeps want them; whatever the user has set stays. */
public final class Sessions {
  private static final Pattern SECRET =
      Pattern.compile("(?i)secret|password|passwd|token|credential|access[._-]?key");
  private static final String HIDDEN = "*********(redacted)";

  /** What a sweep wants on any master: lost executors are retried, nothing speculates or waits. */
  private static final Map<String, String> BASELINE =
      Map.ofEntries(
          Map.entry("spark.app.name", "spindle"),
          Map.entry("spark.speculation", "false"),
          Map.entry("spark.task.maxFailures", "4"),
          Map.entry("spark.task.reaper.enabled", "true"),
          Map.entry("spark.task.reaper.killTimeout", "120s"),
          Map.entry("spark.locality.wait", "0"),
          Map.entry("spark.dynamicAllocation.enabled", "false"),
          Map.entry("spark.excludeOnFailure.enabled", "true"),
          Map.entry("spark.network.timeout", "600s"),
          Map.entry("spark.executor.heartbeatInterval", "5s"),
          Map.entry("spark.ui.enabled", "false"),
          Map.entry("spark.ui.showConsoleProgress", "false"),
          Map.entry("spark.sql.session.timeZone", "UTC"),
          // A row of spikes holds lists of up to a million elements: a batch of the default 4,096
          // such rows takes gigabytes.
          Map.entry("spark.sql.parquet.columnarReaderBatchSize", "128"),
          Map.entry("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS"),
          Map.entry("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false"));

  /** What a start within seconds on one machine wants. */
  private static final Map<String, String> LOCAL =
      Map.ofEntries(
          Map.entry("spark.driver.host", "127.0.0.1"),
          Map.entry("spark.driver.bindAddress", "127.0.0.1"),
          Map.entry("spark.executor.heartbeatInterval", "1s"),
          Map.entry("spark.excludeOnFailure.enabled", "false"),
          Map.entry("spark.task.reaper.enabled", "false"),
          Map.entry("spark.sql.shuffle.partitions", "2"),
          Map.entry("spark.sql.adaptive.enabled", "false"),
          Map.entry("spark.sql.autoBroadcastJoinThreshold", "64m"),
          Map.entry("spark.shuffle.compress", "false"),
          Map.entry("spark.sql.sources.parallelPartitionDiscovery.threshold", "4096"));

  private Sessions() {}

  /**
   * The running session, or a new one.
   *
   * @param master Spark master; empty: what spark-submit says, else {@code local[*]}
   */
  public static SparkSession start(String master) {
    // A context of our own, not a session builder: the builder would read the system properties
    // again and bring back what was stripped.
    SparkContext.getOrCreate(conf(new SparkConf(), master));
    return SparkSession.builder().getOrCreate();
  }

  /** The settings a session gets, given those of the user. */
  static SparkConf conf(SparkConf conf, String master) {
    if (!master.isEmpty()) {
      conf.setMaster(master);
    }
    conf.setIfMissing("spark.master", "local[*]");
    if (conf.get("spark.master").matches("local(\\[.*\\])?")) {
      LOCAL.forEach(conf::setIfMissing);
      stripDevices(conf);
    }
    BASELINE.forEach(conf::setIfMissing);
    return conf;
  }

  /** Settings as they may be written down: values of secret keys are hidden. */
  static Map<String, String> redacted(SparkConf conf) {
    var shown = new TreeMap<String, String>();
    for (var setting : conf.getAll()) {
      boolean secret = SECRET.matcher(setting._1()).find() || SECRET.matcher(setting._2()).find();
      shown.put(setting._1(), secret ? HIDDEN : setting._2());
    }
    return shown;
  }

  /** Text of a configuration file or argument as it may be written down. */
  static String redacted(String text) {
    return text.replaceAll(
        "(?im)^(.*?(?:secret|password|passwd|token|credential|access[._-]?key)[^:=\\n]*[:=]).*$",
        "$1 " + HIDDEN);
  }

  /** Local mode offers no resources: a job that asks for some would wait for ever. */
  private static void stripDevices(SparkConf conf) {
    Arrays.stream(conf.getAll())
        .map(setting -> setting._1())
        .filter(key -> key.matches("spark\\..*resource\\.gpu\\..*"))
        .forEach(conf::remove);
  }
}

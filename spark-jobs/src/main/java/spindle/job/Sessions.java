package spindle.job;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import spindle.sweep.Secrets;

/** Spark sessions as sweeps want them; whatever the user has set stays. */
public final class Sessions {
  private static final String SPARK = "org.apache.spark";

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
          // Numbers of GPUs then mean the same to the driver as to nvidia-smi.
          Map.entry("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID"),
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

  private static final String EXECUTOR_OPTIONS = "spark.executor.defaultJavaOptions";

  private static final Pattern EARLY =
      Pattern.compile("-XX:CompileCommand=(quiet|CompileThresholdScaling,spindle\\.\\S+)");

  private Sessions() {}

  /**
   * The running session, or a new one.
   *
   * @param master Spark master; empty: what spark-submit says, else {@code local[*]}
   * @throws UnusableMaster if the master is none, does not answer or will not have us
   */
  public static SparkSession start(String master) {
    SparkConf conf = conf(new SparkConf(), master);
    Master asked = master(conf, master);
    asked.demandForm();
    asked.demandAnswer();
    Level before = level();
    try {
      Configurator.setLevel(SPARK, Level.OFF); // what it would say is in what it throws
      // A context of our own, not a session builder: the builder would read the system properties
      // again and bring back what was stripped.
      SparkContext.getOrCreate(conf);
    } catch (Exception e) { // Scala code throws checked exceptions without saying so
      throw asked.refused("Spark cannot start there: " + firstLine(e), e);
    }
    Configurator.setLevel(SPARK, before);
    return SparkSession.builder().getOrCreate();
  }

  /**
   * Refuses a master that cannot be one, before anything else is done.
   *
   * @throws UnusableMaster if it is none
   */
  public static void demandForm(String master) {
    master(conf(new SparkConf(), master), master).demandForm();
  }

  /**
   * Refuses a backend that no task of a master will have, before anything else is done.
   *
   * @throws UnusableMaster if tasks will have no GPU and need one
   */
  public static void demandBackend(String master, String backend) {
    Master asked = master(conf(new SparkConf(), master), master);
    Gpus.demand(backend, new SparkConf(), asked);
  }

  /** Trials that will run at a time in this process; empty if they run in others. */
  public static Optional<Integer> localCores(String master) {
    return master(conf(new SparkConf(), master), master).localCores();
  }

  private static Master master(SparkConf conf, String option) {
    return new Master(option.isEmpty() ? "spark.master" : "--master", conf.get("spark.master"));
  }

  private static Level level() {
    return LogManager.getContext(false) instanceof LoggerContext context
        ? context.getConfiguration().getLoggerConfig(SPARK).getLevel()
        : Level.ERROR;
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName());
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
    } else {
      compileEarly(conf);
    }
    BASELINE.forEach(conf::setIfMissing);
    return conf;
  }

  /** Settings as they may be written down: values of secret keys are hidden. */
  static Map<String, String> redacted(SparkConf conf) {
    return Secrets.redacted(
        Arrays.stream(conf.getAll()).collect(Collectors.toMap(s -> s._1(), s -> s._2())));
  }

  /** Options of executors, of which those of the user are the last and so the ones that hold. */
  private static void compileEarly(SparkConf conf) {
    List<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments();
    String all = (early(options) + " " + conf.get(EXECUTOR_OPTIONS, "")).strip();
    if (!all.isEmpty()) {
      conf.set(EXECUTOR_OPTIONS, all);
    }
  }

  /**
   * Those options of a JVM that have vector loops compiled early; Spark itself turns the Vector API
   * on in executors.
   */
  static String early(List<String> options) {
    return options.stream()
        .filter(o -> EARLY.matcher(o).matches())
        .collect(Collectors.joining(" "));
  }

  /** Local mode offers no resources: a job that asks for some would wait for ever. */
  private static void stripDevices(SparkConf conf) {
    Arrays.stream(conf.getAll())
        .map(setting -> setting._1())
        .filter(key -> key.matches("spark\\..*resource\\.gpu\\..*"))
        .forEach(conf::remove);
  }
}

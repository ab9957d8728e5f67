package spindle.job;

import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * Misses executors that do not come: Spark would wait for ever for one with more GPUs than any
 * worker has.
 *
 * <p>Resources of a standalone master are there or not; those of YARN and Kubernetes may be long in
 * coming, so there the user is only told.
 */
final class Muster {
  /** How long executors are waited for [s]. */
  static final String WAIT = "spark.spindle.executorWait";

  private static final String DEFAULT_WAIT = "120s";

  private final SparkContext spark;
  private final Watch watch;
  private final long start = System.nanoTime();
  private final long waitS;
  private boolean done;

  Muster(SparkContext spark, Watch watch) {
    this.spark = spark;
    this.watch = watch;
    this.waitS = spark.getConf().getTimeAsSeconds(WAIT, DEFAULT_WAIT);
  }

  /**
   * Looks whether an executor has come.
   *
   * @throws UnusableMaster if none has, and none will
   */
  void tick() {
    if (done) {
      return;
    }
    if (spark.isStopped()) {
      throw missing("the application was ended before an executor came");
    }
    done = spark.isLocal() || spark.getExecutorMemoryStatus().size() > 1; // one is the driver's
    if (!done && System.nanoTime() - start > TimeUnit.SECONDS.toNanos(waitS)) {
      done = true;
      UnusableMaster missed =
          missing("no executor has come within %d s (%s)".formatted(waitS, WAIT));
      if (spark.master().matches("(spark|local-cluster).*")) {
        throw missed;
      }
      watch.say(missed.getMessage() + "; waiting");
    }
  }

  private UnusableMaster missing(String what) {
    return new UnusableMaster(
        "--master %s: %s; %s".formatted(spark.master(), what, asked(spark.getConf())), null);
  }

  private static String asked(SparkConf conf) {
    String gpus = conf.get(Gpus.PER_EXECUTOR, "");
    return gpus.isEmpty()
        ? "is there a worker with the cores and the memory that one is to have?"
        : "is there a worker with %s GPUs (%s), and does its discovery script find them?"
            .formatted(gpus, Gpus.PER_EXECUTOR);
  }
}

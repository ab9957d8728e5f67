package spindle.job;

import org.apache.spark.SparkContext;
import spindle.backend.cuda.Devices;

/**
 * The tasks that run at a time.
 *
 * @param count their number
 * @param least trials that keep one of them busy
 */
record Slots(int count, int least) {
  /** What fills the largest devices: two blocks on each of their multiprocessors. */
  private static final int SIDE_BY_SIDE = 256;

  /** Tasks of a core each. */
  static Slots cores(int count) {
    return new Slots(count, 1);
  }

  /** Tasks that a session will run at a time. */
  static Slots of(SparkContext spark, String backend) {
    if (spark.isLocal()) {
      return here(backend, spark.defaultParallelism());
    }
    boolean assigned = spark.getConf().contains(Gpus.WANTED);
    if (!assigned || !Gpus.may(backend)) {
      return cores(spark.defaultParallelism());
    }
    var profile = spark.resourceProfileManager().defaultResourceProfile();
    return new Slots(Math.max(1, spark.maxNumConcurrentTasks(profile)), SIDE_BY_SIDE);
  }

  /** Tasks that this machine will run at a time. */
  static Slots here(String backend, int cores) {
    return backend.equals(Gpus.CUDA)
        ? new Slots(Math.max(1, Devices.all().size()), SIDE_BY_SIDE)
        : cores(cores);
  }
}

package spindle.job;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import spindle.result.Lease;
import spindle.result.Root;
import spindle.result.StorageException;
import spindle.sweep.Sweep.Execution.OnAbort;

/**
 * Hands packs to Spark, one partition each and without a shuffle before them, and waits.
 *
 * <p>Nothing that tasks return is needed: what they did is in the commit records.
 */
final class FanOut {
  private static final long TICK_MS = 250;

  /** Above the priority of Spark's own hook, so that commits come before Spark stops. */
  private static final int HOOK_PRIORITY = 100;

  private static final long HOOK_MS = 5_000;
  private final SparkContext spark;
  private final Watch watch;
  private final Lease lease;
  private final OnAbort onAbort;
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private volatile SimpleFutureAction<Boolean> job;

  FanOut(SparkContext spark, Watch watch, Lease lease, OnAbort onAbort) {
    this.spark = spark;
    this.watch = watch;
    this.lease = lease;
    this.onAbort = onAbort;
  }

  /**
   * Runs every trial of the packs, or as many as the policy allows.
   *
   * @param shares work that comes before them
   * @return what was counted on the way
   * @throws StorageException if results could not be written
   */
  Tally run(List<Share> shares, List<Pack> packs, RunSpec spec) throws IOException {
    var tally = new Tally(spark);
    var listener = tally.listener();
    spark.addSparkListener(listener);
    Thread waiter = Thread.currentThread();
    Runnable hook = () -> drain(waiter);
    ShutdownHookManager.get().addShutdownHook(hook, HOOK_PRIORITY);
    try {
      if (!shares.isEmpty()) {
        submit(shares, new ShareTask(spec, tally.counters()));
        await(tally);
      }
      submit(packs, new PackTask(spec, tally.counters()));
      await(tally);
    } finally {
      ShutdownHookManager.get().removeShutdownHook(hook);
      spark.removeSparkListener(listener);
    }
    watch.readCommits();
    return tally;
  }

  private <T> void submit(List<T> parts, Function1<Iterator<T>, Integer> task) {
    spark.setLocalProperty("spark.job.interruptOnCancel", "true");
    RDD<T> rdd = new JavaSparkContext(spark).parallelize(parts, parts.size()).rdd();
    List<Object> all = IntStream.range(0, parts.size()).<Object>mapToObj(i -> i).toList();
    Function2<Object, Integer, BoxedUnit> ended = (partition, done) -> BoxedUnit.UNIT;
    Function0<Boolean> result = (Function0<Boolean> & Serializable) () -> true;
    job = spark.submitJob(rdd, task, CollectionConverters.asScala(all).toSeq(), ended, result);
  }

  private void await(Tally tally) throws IOException {
    while (!job.isCompleted()) {
      pause();
      watch.tick(tally);
      if (watch.stopped().isPresent() && !job.isCancelled() && onAbort == OnAbort.CANCEL) {
        job.cancel();
      }
      if (lease.lost() && watch.stopped().isEmpty()) {
        watch.stop("another driver has taken the sweep over");
      }
    }
    while (interrupted.get()) {
      pause(); // the process is ending; nothing may be published any more
    }
    var end = job.value().get();
    if (end.isFailure() && !job.isCancelled()) {
      watch.readCommits();
      throw broken(end.failed().get());
    }
  }

  /** Runs when the process is told to end: lets the trials that run now be committed. */
  private void drain(Thread waiter) {
    interrupted.set(true);
    try {
      watch.stop("interrupted; the same command goes on from here");
      for (long waited = 0; waited < HOOK_MS && !job.isCompleted(); waited += TICK_MS) {
        waiter.join(TICK_MS);
      }
      lease.close();
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt(); // what was not committed in time will run again
    }
  }

  /** What ended the job, in words: tasks end by themselves only if storage fails. */
  private static RuntimeException broken(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof StorageException storage) {
        return storage;
      }
      if (t instanceof IOException e) {
        return new StorageException(
            "cannot write results: %s; what is committed is kept, make room and run again"
                .formatted(Root.reason(e)),
            thrown);
      }
    }
    return new IllegalStateException("Spark gave up: " + thrown.getMessage(), thrown);
  }

  private static void pause() {
    try {
      Thread.sleep(TICK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for trials", e);
    }
  }
}

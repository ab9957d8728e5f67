package spindle.job;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
 * <p>What tasks did is in the commit records; they return what they left because they lost their
 * GPU. That is given out again, until it is done or has failed for trials that ran alone.
 */
final class FanOut {
  private static final long TICK_MS = 250;

  /** An interrupted run waits this long for the trials that run [ms]. */
  private static final long DRAIN_MS = 5_000;

  /**
   * By text: what a task threw is no cause where Spark ran out of executors to try it on, and
   * listeners, who are told its class, may be told after the job has ended.
   */
  private static final Pattern UNUSABLE =
      Pattern.compile(Pattern.quote(UnusableMaster.class.getName()) + ": (.*)");

  private final SparkContext spark;
  private final Watch watch;
  private final Lease lease;
  private final Interruption interruption;

  FanOut(SparkContext spark, Watch watch, Lease lease, Interruption interruption) {
    this.spark = spark;
    this.watch = watch;
    this.lease = lease;
    this.interruption = interruption;
  }

  /**
   * Runs every trial of the packs, or as many as the policy allows.
   *
   * @param shares work that comes before them
   * @throws StorageException if results could not be written
   * @throws UnusableMaster if no executor comes, or none that can run a task
   */
  void run(List<Share> shares, List<Pack> packs, RunSpec spec, OnAbort onAbort) throws IOException {
    var tally = new Tally(spark);
    watch.hear(tally);
    var listener = tally.listener();
    spark.addSparkListener(listener);
    var leftovers = new Leftovers(spark, watch);
    var muster = new Muster(spark, watch);
    try {
      for (List<Share> round : rounds(shares)) {
        var task = new ShareTask(spec, tally.counters());
        await(submit(round, task, done -> {}), muster::tick, onAbort);
      }
      var task = new PackTask(spec, tally.counters());
      for (List<Pack> next = packs; !next.isEmpty(); next = leftovers.next()) {
        Interruption.Work tick =
            () -> {
              muster.tick();
              leftovers.tick();
            };
        await(submit(next, task, leftovers::hear), tick, onAbort);
      }
    } finally {
      interruption.first(() -> {});
      spark.removeSparkListener(listener);
    }
    watch.readCommits();
  }

  private static Collection<List<Share>> rounds(List<Share> shares) {
    return shares.stream()
        .collect(Collectors.groupingBy(Share::round, TreeMap::new, Collectors.toList()))
        .values();
  }

  private <T, R> SimpleFutureAction<Boolean> submit(
      List<T> parts, Function1<Iterator<T>, R> task, Consumer<R> heard) {
    spark.setLocalProperty("spark.job.interruptOnCancel", "true");
    RDD<T> rdd = new JavaSparkContext(spark).parallelize(parts, parts.size()).rdd();
    List<Object> all = IntStream.range(0, parts.size()).<Object>mapToObj(i -> i).toList();
    Function2<Object, R, BoxedUnit> ended =
        (partition, left) -> {
          heard.accept(left);
          return BoxedUnit.UNIT;
        };
    Function0<Boolean> result = (Function0<Boolean> & Serializable) () -> true;
    return spark.submitJob(rdd, task, CollectionConverters.asScala(all).toSeq(), ended, result);
  }

  private void await(SimpleFutureAction<Boolean> job, Interruption.Work tick, OnAbort onAbort)
      throws IOException {
    interruption.first(() -> drain(job));
    while (!job.isCompleted()) {
      pause();
      watch.tick();
      tick.run();
      if (watch.stopped().isPresent() && !job.isCancelled() && onAbort == OnAbort.CANCEL) {
        job.cancel();
      }
      if (lease.lost() && watch.stopped().isEmpty()) {
        watch.stop("another driver has taken the sweep over");
      }
    }
    while (interruption.begun()) {
      pause(); // the process is ending, and the interruption does what is left to do
    }
    var end = job.value().get();
    if (end.isFailure() && !job.isCancelled()) {
      watch.readCommits();
      throw broken(end.failed().get());
    }
  }

  /** Lets the trials that run now be committed, if that takes seconds. */
  private void drain(SimpleFutureAction<Boolean> job) throws IOException {
    watch.drain("interrupted");
    for (long waited = 0; waited < DRAIN_MS && !job.isCompleted(); waited += TICK_MS) {
      pause();
    }
    watch.readCommits();
  }

  /**
   * What ended the job, in words: tasks end by themselves only if storage fails, or for want of a
   * GPU.
   */
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
    Matcher unusable = UNUSABLE.matcher(String.valueOf(thrown.getMessage()));
    if (unusable.find()) {
      return new UnusableMaster(unusable.group(1), thrown);
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

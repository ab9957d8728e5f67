package spindle.job;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.spark.SparkContext;

/**
 * What tasks leave because they lost their GPU: has their executors replaced, so that the next
 * process gets a new context, and gives what is left out again.
 */
final class Leftovers {
  private final SparkContext spark;
  private final Watch watch;
  private final Queue<Leftover> heard = new ConcurrentLinkedQueue<>();
  private final List<Pack> packs = new ArrayList<>();
  private final Set<String> executors = new HashSet<>();
  private final Set<String> remarks = new HashSet<>();

  Leftovers(SparkContext spark, Watch watch) {
    this.spark = spark;
    this.watch = watch;
  }

  /** Takes what a task returned; on any thread. */
  void hear(Leftover leftover) {
    if (!leftover.why().isEmpty() || !leftover.remark().isEmpty()) {
      heard.add(leftover);
    }
  }

  /** Sees to what was heard. */
  void tick() throws IOException {
    for (Leftover l = heard.poll(); l != null; l = heard.poll()) {
      if (!l.remark().isEmpty() && remarks.add(l.remark())) {
        watch.say(l.remark());
      }
      if (!l.why().isEmpty()) {
        lose(l);
      }
    }
  }

  private void lose(Leftover l) throws IOException {
    packs.addAll(l.packs());
    if (!spark.isLocal()) {
      replace(l);
    } else if (!l.packs().isEmpty() && watch.stopped().isEmpty()) {
      watch.stop(lost(l));
    } else if (executors.add(l.executor())) {
      watch.say(lost(l));
    }
  }

  /** The driver cannot be replaced: what has not begun is left to the next run. */
  private static String lost(Leftover l) {
    return "the GPU is lost to this process (%s); the same command goes on in a new one, and with"
            .formatted(l.why())
        + " --retry failed runs each trial that failed by it alone";
  }

  private void replace(Leftover l) {
    if (!executors.add(l.executor())) {
      return;
    }
    watch.say(
        "executor %s has lost its GPU (%s) and is replaced; trials that ran then run again by halves"
            .formatted(l.executor(), l.why()));
    spark.killAndReplaceExecutor(l.executor());
  }

  /** The packs that are to be run now, once. */
  List<Pack> next() throws IOException {
    tick();
    List<Pack> next = watch.stopped().isEmpty() ? List.copyOf(packs) : List.of();
    packs.clear();
    return next;
  }
}

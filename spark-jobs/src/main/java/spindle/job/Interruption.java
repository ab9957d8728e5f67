package spindle.job;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * What happens when the process is told to end, by Ctrl-C or a plain kill: it says so at once, then
 * does what the run has left for this case, before Spark stops.
 */
final class Interruption implements AutoCloseable {
  /** Above the priority of Spark's own hook. */
  private static final int PRIORITY = 100;

  private static final long STAY_MS = 60_000;

  /** Hadoop ends a hook after 30 s if it is not told otherwise: too soon for {@link #STAY_MS}. */
  private static final long HOOK_MS = 2 * STAY_MS;

  /** What a run still does when it is interrupted. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  private final Progress progress;
  private final Runnable hook = this::interrupted;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Work drain = () -> {};
  private volatile Work work = () -> {};
  private volatile boolean begun;

  private Interruption(Progress progress) {
    this.progress = progress;
  }

  /** Listens until closed. */
  static Interruption heed(Progress progress) {
    var interruption = new Interruption(progress);
    ShutdownHookManager.get()
        .addShutdownHook(interruption.hook, PRIORITY, HOOK_MS, TimeUnit.MILLISECONDS);
    return interruption;
  }

  /** From now on an interruption does this first, so that trials that run are not lost. */
  void first(Work draining) {
    drain = draining;
  }

  /** From now on this is what an interruption does. */
  void then(Work next) {
    work = next;
  }

  /** Whether the process is ending. */
  boolean begun() {
    return begun;
  }

  /** Waits for the end if the process is ending: what fails now fails because Spark is gone. */
  void stay() {
    if (begun) {
      try {
        Thread.sleep(STAY_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Lets the run come to its end by itself, which takes seconds. */
  void awaitClose() {
    try {
      if (!closed.await(STAY_MS, TimeUnit.MILLISECONDS)) {
        progress.say("the tables could not be written in time; what is committed is kept");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }

  void interrupted() {
    begun = true;
    progress.say("interrupted; the same command goes on from here");
    try {
      drain.run();
      work.run();
    } catch (IOException | RuntimeException e) {
      progress.say("not all could be written (" + e + "); what is committed is kept");
    }
  }
}

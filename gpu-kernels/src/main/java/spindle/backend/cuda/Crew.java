package spindle.backend.cuda;

import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/**
 * The threads of this process that share out pieces of work again and again without allocating,
 * where {@code parallel()} of streams would each time. They start with the first work that has more
 * than one piece, and wait as daemons. Work that comes while they are busy is done by who brings
 * it.
 */
final class Crew {
  /** More would only wait for memory. */
  private static final int MOST = 8;

  private static final Crew COMMON =
      new Crew(Math.min(MOST, Runtime.getRuntime().availableProcessors()));

  private final Thread[] helpers;
  private final Semaphore free = new Semaphore(1);
  private IntConsumer work;
  private int count;
  private int next;
  private int open;
  private Throwable failed;

  Crew(int size) {
    this.helpers = new Thread[size - 1];
  }

  /** That of the process. */
  static Crew common() {
    return COMMON;
  }

  /** Most threads at a time, the calling one counted in. */
  int size() {
    return helpers.length + 1;
  }

  /**
   * Does some work for 0, 1, ... {@code pieces - 1}; the calling thread helps, and goes on when all
   * has ended.
   *
   * @throws RuntimeException or an {@link Error}, the first that a piece threw
   */
  void run(int pieces, IntConsumer work) {
    if (pieces <= 1 || helpers.length == 0 || !free.tryAcquire()) {
      for (int k = 0; k < pieces; k++) {
        work.accept(k);
      }
      return;
    }
    try {
      begin(pieces, work);
      while (take()) {
        // until nothing is left
      }
      end();
    } finally {
      free.release();
    }
  }

  private synchronized void begin(int pieces, IntConsumer all) {
    for (int k = 0; k < helpers.length && helpers[k] == null; k++) {
      helpers[k] = new Thread(this::help, "spindle-cuda-crew-" + k);
      helpers[k].setDaemon(true);
      helpers[k].start();
    }
    work = all;
    count = pieces;
    next = 0;
    open = pieces;
    failed = null;
    notifyAll();
  }

  private synchronized void end() {
    boolean interrupted = false;
    while (open > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true; // what has begun is soon done
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    work = null;
    if (failed instanceof Error e) {
      throw e;
    }
    if (failed != null) {
      throw (RuntimeException) failed;
    }
  }

  private synchronized int number() {
    return next < count ? next++ : -1;
  }

  /** Does one piece, if there is one. */
  private boolean take() {
    int k = number();
    if (k < 0) {
      return false;
    }
    Throwable thrown = null;
    try {
      work.accept(k);
    } catch (RuntimeException | Error e) {
      thrown = e;
    }
    done(thrown);
    return true;
  }

  private synchronized void done(Throwable thrown) {
    failed = failed == null ? thrown : failed;
    open--;
    if (open == 0) {
      notifyAll();
    }
  }

  private void help() {
    while (true) {
      await();
      while (take()) {
        // until nothing is left
      }
    }
  }

  /** Waits for work. */
  private synchronized void await() {
    while (next >= count) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody has a reason to end the threads of the process.
      }
    }
  }
}

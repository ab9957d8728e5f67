package spindle.backend.cuda;

import java.util.function.IntConsumer;

/**
 * Threads that share out pieces of work again and again without allocating, where {@code
 * parallel()} of streams would each time. They start when there is first more than one piece.
 */
final class Crew implements Held.Resource {
  /** More would only wait for memory. */
  private static final int MOST = 8;

  private final Thread[] threads;
  private IntConsumer work;
  private int count;
  private int next;
  private int open;
  private boolean closed;
  private Throwable failed;

  Crew() {
    this.threads = new Thread[Math.min(MOST, Runtime.getRuntime().availableProcessors()) - 1];
  }

  /** Most threads at a time, the calling one counted in. */
  int size() {
    return threads.length + 1;
  }

  /**
   * Does some work for 0, 1, ... {@code pieces - 1}; the calling thread helps.
   *
   * @throws RuntimeException of the first piece that failed; the others are done
   */
  void run(int pieces, IntConsumer work) {
    if (pieces == 1 || threads.length == 0) {
      for (int k = 0; k < pieces; k++) {
        work.accept(k);
      }
      return;
    }
    begin(pieces, work);
    while (take()) {
      // until nothing is left
    }
    end();
  }

  private synchronized void begin(int pieces, IntConsumer all) {
    if (threads[0] == null) {
      for (int k = 0; k < threads.length; k++) {
        threads[k] = new Thread(this::help, "spindle-cuda-crew-" + k);
        threads[k].setDaemon(true);
        threads[k].start();
      }
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
    while (await()) {
      while (take()) {
        // until nothing is left
      }
    }
  }

  /** Waits for work; whether there will be some. */
  private synchronized boolean await() {
    while (!closed && next >= count) {
      try {
        wait();
      } catch (InterruptedException e) {
        return false;
      }
    }
    return !closed;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}

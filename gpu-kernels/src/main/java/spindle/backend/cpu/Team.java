package spindle.backend.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that do the parts of a stage together. They wait awake between stages, which follow one
 * another within microseconds, and sleep when none comes.
 */
final class Team implements AutoCloseable {
  /** Looks that a thread takes at what it waits for, before it lets others have its core. */
  private static final int LOOKS = 1_000;

  /** Looks before it sleeps. */
  private static final int AWAKE = 20_000;

  private final Thread[] workers;
  private final AtomicInteger pending = new AtomicInteger();
  private Work[] parts;
  private int step;
  private volatile int round;
  private volatile boolean closed;
  private volatile Throwable failure;

  /**
   * @param size number of threads, the calling one included
   */
  Team(int size) {
    workers = new Thread[size - 1];
    for (int i = 0; i < workers.length; i++) {
      int part = i + 1;
      workers[i] = new Thread(() -> work(part), "spindle-" + part);
      workers[i].setDaemon(true);
      workers[i].start();
    }
  }

  int size() {
    return workers.length + 1;
  }

  /** Does all parts, the first in this thread; at most {@link #size} of them. */
  void run(Work[] all, int now) {
    parts = all;
    step = now;
    pending.set(workers.length);
    int next = round + 1; // nobody else writes it
    round = next;
    for (Thread t : workers) {
      LockSupport.unpark(t);
    }
    try {
      all[0].run(now);
    } finally {
      for (int spins = 0; pending.get() > 0; spins++) {
        pause(spins);
      }
    }
    if (failure != null) {
      throw new IllegalStateException("a thread failed at step " + now, failure);
    }
  }

  private static void pause(int spins) {
    if (spins < AWAKE) {
      look(spins);
    } else {
      LockSupport.parkNanos(1000);
    }
  }

  /**
   * On a busy machine the thread that is waited for may be the one that has no core; where the
   * scheduler does nothing about it, a thread sleeps a little later.
   */
  @SuppressWarnings("ThreadPriorityCheck")
  private static void look(int spins) {
    if (spins < LOOKS) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }

  private void work(int part) {
    int done = 0;
    while (true) {
      for (int spins = 0; round == done && !closed; spins++) {
        if (spins < AWAKE) {
          look(spins);
        } else {
          LockSupport.park(this);
        }
      }
      if (closed) {
        return;
      }
      done = round;
      try {
        if (part < parts.length) {
          parts[part].run(step);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        pending.decrementAndGet();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread t : workers) {
      LockSupport.unpark(t);
    }
  }
}

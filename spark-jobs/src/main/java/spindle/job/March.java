package spindle.job;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import spindle.backend.cuda.Convoy;
import spindle.result.StorageException;
import spindle.task.Recorder;

/** A group of trials on their way on a GPU, each on a thread of its own, kept as they arrive. */
final class March {
  private static final long POLL_MS = 100;

  private final Trials trials;
  private final List<Integer> group;
  private final PackTask.Stop stop;
  private final Convoy convoy;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private final Map<Integer, Work.Ended> unfinished = new LinkedHashMap<>();
  private Throwable trouble;
  private boolean killed;

  /**
   * @param group places of trials
   */
  March(Trials trials, List<Integer> group, PackTask.Stop stop) {
    this.trials = trials;
    this.group = group;
    this.stop = stop;
    this.convoy = new Convoy(group.size());
  }

  /** A trial that ended, or the trouble that ended it and is not its own. */
  private record Arrival(int k, Work.Ended ended, Throwable trouble) {}

  /**
   * Runs the group; trials that got to an end of their own are kept.
   *
   * @return the others, by their places: they failed together, and wait to be kept or abandoned
   * @throws StorageException if results cannot be kept
   */
  Map<Integer, Work.Ended> run() throws IOException {
    for (int k : group) {
      begin(k, trials.begin(k));
    }
    for (int arrived = 0; arrived < group.size(); ) {
      Arrival next = next();
      if (next != null) {
        arrive(next);
        arrived++;
      }
    }
    if (trouble instanceof Error e) {
      throw e;
    } else if (trouble instanceof IOException e) {
      throw e;
    } else if (trouble instanceof RuntimeException e) {
      throw e;
    }
    return unfinished;
  }

  private void begin(int k, Recorder recorder) {
    Runnable work = () -> arrivals.add(arrival(k, recorder));
    var thread = new Thread(() -> convoy.travel(work), "spindle-trial-" + k);
    thread.setDaemon(true);
    try {
      thread.start();
    } catch (OutOfMemoryError e) { // there can be no more threads
      convoy.cancel();
      convoy.travel(() -> arrivals.add(new Arrival(k, null, e)));
    }
  }

  private Arrival arrival(int k, Recorder recorder) {
    try {
      return new Arrival(k, trials.run(k, recorder), null);
    } catch (RuntimeException | Error e) {
      return new Arrival(k, null, e);
    }
  }

  /** The next to arrive, or null for now; a kill of the task stops them all. */
  private Arrival next() {
    try {
      Arrival next = arrivals.poll(POLL_MS, TimeUnit.MILLISECONDS);
      // What is kept now is written through channels, which hate interruption.
      heed(Thread.interrupted() || stop.killed());
      return next;
    } catch (InterruptedException e) {
      heed(true);
      return null;
    }
  }

  private void heed(boolean kill) {
    if (kill && !killed) {
      killed = true;
      convoy.cancel();
    }
  }

  /** Keeps what arrived; all must arrive before trouble with one of them may end the task. */
  private void arrive(Arrival a) {
    try {
      keep(a);
    } catch (IOException | RuntimeException e) {
      trouble(e);
    }
  }

  private void keep(Arrival a) throws IOException {
    if (a.trouble != null) {
      trouble(a.trouble);
    }
    if (trouble != null || (killed && a.ended.failed())) {
      trials.abandon(a.k);
    } else if (a.ended.shared() && group.size() > 1) {
      unfinished.put(a.k, a.ended);
    } else {
      trials.add(a.ended, a.k);
    }
  }

  private void trouble(Throwable thrown) {
    trouble = trouble == null ? thrown : trouble;
    convoy.cancel();
  }
}

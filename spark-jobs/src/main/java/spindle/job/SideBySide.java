package spindle.job;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import spindle.backend.cuda.CudaError;
import spindle.backend.cuda.Device;
import spindle.backend.cuda.Devices;
import spindle.backend.cuda.Room;

/**
 * Runs the trials of a pack on a GPU, as many side by side as it has room for.
 *
 * <p>What fails for several trials at once is tried again by halves, until it either succeeds or
 * fails for one trial alone, whose result it then is. If the GPU's context is lost with it, halves
 * are for other processes: on a cluster they are what the task leaves; in a process that is both
 * driver and executor the trials fail.
 */
final class SideBySide {
  /** What Spark calls the executor of a driver. */
  private static final String DRIVER = "driver";

  private static final long END_MS = TimeUnit.MINUTES.toMillis(1);

  private final Trials trials;
  private final Pack pack;
  private final Device device;
  private final PackTask.Stop stop;
  private final Deque<List<Integer>> groups = new ArrayDeque<>();
  private final List<Pack> halves = new ArrayList<>();

  SideBySide(Trials trials, Pack pack, Device device, PackTask.Stop stop) {
    this.trials = trials;
    this.pack = pack;
    this.device = device;
    this.stop = stop;
  }

  /** Waits to be ended in an executor that has lost its GPU, and ends it if nobody does. */
  static void demandContext() {
    demandContext(SparkEnv.get().executorId(), END_MS);
  }

  /** The same in an executor, after a while [ms]. */
  static void demandContext(String executor, long endMs) {
    if (isAlive() || executor.equals(DRIVER)) {
      return;
    }
    try {
      Thread.sleep(endMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    Runtime.getRuntime().halt(1);
  }

  /** Runs all, or what can be. */
  Leftover run() throws IOException {
    form();
    while (!groups.isEmpty() && isAlive() && !stop.now()) {
      List<Integer> group = groups.remove();
      trials.commits().flushBefore(group.stream().mapToDouble(trials::seconds).sum());
      split(new March(trials, group, stop).run());
    }
    return isAlive() || stop.now() ? Leftover.NOTHING : left();
  }

  private static boolean isAlive() {
    return Devices.lost().isEmpty();
  }

  private static boolean isDriver() {
    return SparkEnv.get().executorId().equals(DRIVER);
  }

  /** Groups as large as there is room for; trials that ran when a GPU was lost come last, alone. */
  private void form() {
    List<Integer> open =
        IntStream.range(0, trials.size()).filter(k -> !trials.done(k)).boxed().toList();
    List<Integer> free = open.stream().filter(k -> !trials.lines().get(k).alone()).toList();
    int most = isAlive() && !free.isEmpty() ? most(free) : 1;
    for (int from = 0; from < free.size(); from += most) {
      groups.add(free.subList(from, Math.min(free.size(), from + most)));
    }
    open.stream().filter(k -> trials.lines().get(k).alone()).map(List::of).forEach(groups::add);
  }

  /**
   * Fewer, if earlier attempts did not get to an end: they may have taken the process with them.
   */
  private int most(List<Integer> places) {
    if (!trials.work().task().stages().isEmpty()) {
      return 1; // the second finds what the first has left
    }
    Work.Footprint each =
        places.stream()
            .map(k -> trials.work().footprint(trials.lines().get(k)))
            .reduce(new Work.Footprint(0, 0), Work.Footprint::max);
    double host = Runtime.getRuntime().maxMemory() / 2.0 / each.host();
    try {
      int room = (int) Math.min(Room.of(device, each.device()), host);
      return Math.max(1, room >> (3 * Math.min(8, stop.attempts())));
    } catch (CudaError e) {
      return 1; // each trial will meet it too, and has a row to say so
    }
  }

  private void split(Map<Integer, Work.Ended> unfinished) throws IOException {
    Thread.interrupted(); // as in PackTask
    boolean fails = !isAlive() && isDriver();
    for (var u : unfinished.entrySet()) {
      if (fails) {
        trials.add(u.getValue(), u.getKey());
      } else {
        trials.abandon(u.getKey());
      }
    }
    trials.commits().flush(); // what was abandoned must not share a file with its next attempt
    if (fails || unfinished.isEmpty()) {
      return;
    }
    List<Integer> all = List.copyOf(unfinished.keySet());
    int half = (all.size() + 1) / 2;
    for (List<Integer> part : List.of(all.subList(half, all.size()), all.subList(0, half))) {
      if (!part.isEmpty() && isAlive()) {
        groups.push(part);
      } else if (!part.isEmpty()) {
        halves.add(pack.of(part));
      }
    }
  }

  private Leftover left() {
    var left = new ArrayList<>(halves);
    List<Integer> rest = groups.stream().flatMap(List::stream).toList();
    if (!rest.isEmpty()) {
      left.add(pack.of(rest));
    }
    return new Leftover(List.copyOf(left), SparkEnv.get().executorId(), Devices.lost(), "");
  }
}

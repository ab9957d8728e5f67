package spindle.job;

import java.util.Locale;
import java.util.Optional;
import spindle.sweep.Sweeps;

/** What trials need of the heap, and what to do where it is too small. */
public final class Heap {
  private static final double GIB = 1L << 30;

  private Heap() {}

  /**
   * Warns of trials that will not fit the heap of this process; those of a GPU lie in its memory.
   *
   * @param cores trials that would run at a time, if there are so many
   */
  public static Optional<String> warning(Sweeps.Planned planned, int cores) {
    if (planned.plan().sweep().execution().backend().equals(Gpus.CUDA)) {
      return Optional.empty();
    }
    int atATime = (int) Math.max(1, Math.min(cores, planned.plan().size()));
    return warning(planned.forecast().peakBytes(), atATime, Runtime.getRuntime().maxMemory());
  }

  static Optional<String> warning(double peakBytes, int atATime, long heap) {
    double together = peakBytes * atATime;
    if (together <= heap) {
      return Optional.empty();
    }
    String need =
        peakBytes > heap
            ? "the largest trial needs " + gib(peakBytes)
            : atATime + " trials at a time need up to " + gib(together);
    return Optional.of(need + ", the heap has " + gib((double) heap) + ": " + remedy(together));
  }

  /** What to do about a trial that this process has no memory for. */
  static String remedy() {
    long heap = Runtime.getRuntime().maxMemory();
    return "the heap has " + gib((double) heap) + ": " + remedy(2.0 * heap);
  }

  private static String remedy(double bytes) {
    long gigabytes = (long) Math.ceil(1.2 * bytes / GIB);
    return "raise it (SPINDLE_JAVA_OPTS=-Xmx%dg; on a cluster spark.executor.memory), run fewer at a"
            .formatted(gigabytes)
        + " time (--master local[1]) or make the trials smaller";
  }

  private static String gib(double bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
  }
}

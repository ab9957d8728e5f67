package spindle.backend.cpu;

import java.util.concurrent.ConcurrentHashMap;
import spindle.compile.Jvm;
import spindle.compile.Kernel;

/**
 * Makes the JVM compile a vector loop while plain loops do the work. Until it is compiled, each of
 * its operations allocates its result and takes a hundred times as long, so it runs on the first
 * elements of memory that nobody reads, a fifth of the time. What was learnt holds for the JVM.
 */
final class Rehearsal {
  /** Enough that the compiler takes the loop for one that turns often. */
  private static final int MOST_ELEMENTS = 512;

  /** Before so much plain work vectors would not pay for being loaded and compiled [ns]. */
  private static final long HEAD_START = 400_000_000;

  private static final long SINCE = System.nanoTime();

  private static final int SHARE = 4;

  /** Time per operation on a vector: compiled below 1, boxed by compiled code above 6 [ns]. */
  private static final long BOXED = 3;

  /** Time to call a loop and to read the clock, and some more [ns]. */
  private static final long CALL = 300;

  private static final ConcurrentHashMap<Kernel, Pace> PACES = new ConcurrentHashMap<>();

  private final Kernel kernel;
  private final Pace pace;
  private final int elements;

  /** How fast a loop is. */
  private static final class Pace {
    private final long fast;
    private volatile boolean ready;
    private volatile long due = System.nanoTime();

    Pace(long fast) {
      this.fast = fast;
    }
  }

  /**
   * @param operations in the loop
   * @param length of its vectors
   */
  Rehearsal(Kernel kernel, int operations, int length) {
    this.kernel = kernel;
    this.elements = Math.min(MOST_ELEMENTS, Memory.padded(length));
    long fast = CALL + BOXED * operations * (elements / Jvm.lanes());
    this.pace = PACES.computeIfAbsent(kernel, k -> new Pace(fast));
  }

  /** Whether this JVM has run programs long enough for vectors to pay. */
  static boolean isDue() {
    return System.nanoTime() - SINCE >= HEAD_START;
  }

  /** Whether the loop is known to be fast. */
  boolean isKnown() {
    return pace.ready;
  }

  /** Whether the loop is known to be fast; perhaps runs it once to find out. */
  boolean isReady(Memory memory) {
    if (pace.ready) {
      return true;
    }
    long start = System.nanoTime();
    if (start - pace.due < 0) {
      return false;
    }
    kernel.run(memory.arrays(), memory.scalars(), 0, elements);
    long end = System.nanoTime();
    pace.ready = end - start < pace.fast;
    pace.due = end + SHARE * (end - start);
    return pace.ready;
  }
}

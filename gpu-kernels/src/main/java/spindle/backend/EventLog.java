package spindle.backend;

import java.util.Arrays;

/** A growing list of (step, index) pairs in order of step, then index. */
public final class EventLog {
  private int[] steps = new int[1024];
  private int[] indices = new int[1024];
  private int size;

  /** Number of events. */
  public int size() {
    return size;
  }

  /** Step of event k. */
  public int step(int k) {
    return steps[k];
  }

  /** Index of event k. */
  public int index(int k) {
    return indices[k];
  }

  /** Forgets all events but keeps the memory. */
  public void clear() {
    size = 0;
  }

  /** Adds all events of a log that goes on where this ends. */
  public void addAll(EventLog next) {
    grow(next.size);
    System.arraycopy(next.steps, 0, steps, size, next.size);
    System.arraycopy(next.indices, 0, indices, size, next.size);
    size += next.size;
  }

  private void grow(int count) {
    if (size + count > steps.length) {
      int length = Math.max(size + count, 2 * steps.length);
      steps = Arrays.copyOf(steps, length);
      indices = Arrays.copyOf(indices, length);
    }
  }

  /** Adds the first {@code count} indices under one step. */
  public void add(int step, int[] events, int count) {
    grow(count);
    Arrays.fill(steps, size, size + count, step);
    System.arraycopy(events, 0, indices, size, count);
    size += count;
  }
}

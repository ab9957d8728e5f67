package spindle.backend;

import java.util.Arrays;

/**
 * A growing list of (step, index) pairs in order of step, then index. What has been written is
 * never moved: a long run would copy, and let the collector copy, all its spikes time and again.
 * Used by one thread at a time.
 */
public final class EventLog {
  private static final int PAGE_BITS = 14;
  private static final int PAGE = 1 << PAGE_BITS;

  /** Indices, in pages of equal length. */
  private int[][] pages = new int[16][];

  /** For each step that has events its number, and the number of events up to its end. */
  private int[] steps = new int[64];

  private int[] ends = new int[64];
  private int count;
  private int size;

  /** Where the last step was found: who reads on finds the next one there. */
  private int found;

  /** Number of events. */
  public int size() {
    return size;
  }

  /** Step of event k. */
  public int step(int k) {
    if (k >= ends[found] || (found > 0 && k < ends[found - 1])) {
      found = next(k);
    }
    return steps[found];
  }

  private int next(int k) {
    if (k >= ends[found] && found + 1 < count && k < ends[found + 1]) {
      return found + 1;
    }
    int at = Arrays.binarySearch(ends, 0, count, k + 1);
    return at < 0 ? -at - 1 : at;
  }

  /** Index of event k. */
  public int index(int k) {
    return pages[k >>> PAGE_BITS][k & (PAGE - 1)];
  }

  /** Forgets all events but keeps the memory. */
  public void clear() {
    size = 0;
    count = 0;
    found = 0;
  }

  /** Adds all events of a log that goes on where this ends. */
  public void addAll(EventLog next) {
    for (int s = 0; s < next.count; s++) {
      int to = next.ends[s];
      for (int k = s == 0 ? 0 : next.ends[s - 1]; k < to; ) {
        int some = Math.min(to - k, PAGE - (k & (PAGE - 1)));
        add(next.steps[s], next.pages[k >>> PAGE_BITS], k & (PAGE - 1), some);
        k += some;
      }
    }
  }

  /** Adds the first {@code number} indices under one step. */
  public void add(int step, int[] events, int number) {
    add(step, events, 0, number);
  }

  private void add(int step, int[] events, int from, int number) {
    if (number == 0) {
      return;
    }
    if (size > Integer.MAX_VALUE - number) {
      throw new IllegalStateException(
          "more than 2^31 - 1 events are logged at step " + step + "; forget them more often");
    }
    if (count == 0 || steps[count - 1] != step) {
      begin(step);
    }
    for (int done = 0; done < number; ) {
      int place = size & (PAGE - 1);
      int some = Math.min(number - done, PAGE - place);
      System.arraycopy(events, from + done, page(), place, some);
      size += some;
      done += some;
    }
    ends[count - 1] = size;
  }

  private void begin(int step) {
    if (count == steps.length) {
      steps = Arrays.copyOf(steps, 2 * count);
      ends = Arrays.copyOf(ends, 2 * count);
    }
    steps[count++] = step;
  }

  /** The page that takes the next event. */
  private int[] page() {
    int number = size >>> PAGE_BITS;
    if (number == pages.length) {
      pages = Arrays.copyOf(pages, 2 * number);
    }
    if (pages[number] == null) {
      pages[number] = new int[PAGE];
    }
    return pages[number];
  }
}

package spindle.backend.cpu;

import java.util.function.Consumer;
import spindle.compile.Events;

/**
 * Counts the spikes that arrive at each target of stored rows.
 *
 * <p>Rows of a large matrix lie anywhere in memory. Waiting for one after the other takes most of
 * the time, so a few rows are fetched together before the first is walked: their cache lines then
 * arrive side by side.
 */
final class Counting implements Consumer<Events> {
  /** Rows that are fetched together. */
  static final int ROWS_AHEAD = 32;

  private static final int LINE = 64;

  private final int[] indptr;
  private final char[] narrow;
  private final int[] wide;
  private final float[] target;

  /** Keeps the reading ahead alive for the compiler. */
  @SuppressWarnings("UnusedVariable")
  private int fetched;

  Counting(Csr csr, float[] target) {
    this.indptr = csr.indptr();
    this.narrow = csr.narrow();
    this.wide = narrow.length > 0 ? new int[0] : csr.columns();
    this.target = target;
  }

  @Override
  public void accept(Events events) {
    int[] rows = events.indices();
    for (int begin = 0; begin < events.count(); begin += ROWS_AHEAD) {
      int end = Math.min(events.count(), begin + ROWS_AHEAD);
      if (narrow.length > 0) {
        countNarrow(rows, begin, end);
      } else {
        countWide(rows, begin, end);
      }
    }
  }

  private void countNarrow(int[] rows, int begin, int end) {
    for (int e = begin; e < end; e++) {
      fetched += fetch(narrow, indptr[rows[e]], indptr[rows[e] + 1]);
    }
    for (int e = begin; e < end; e++) {
      count(narrow, indptr[rows[e]], indptr[rows[e] + 1], target);
    }
  }

  private void countWide(int[] rows, int begin, int end) {
    for (int e = begin; e < end; e++) {
      fetched += fetch(wide, indptr[rows[e]], indptr[rows[e] + 1]);
    }
    for (int e = begin; e < end; e++) {
      count(wide, indptr[rows[e]], indptr[rows[e] + 1], target);
    }
  }

  private static int fetch(char[] columns, int from, int to) {
    int sum = 0;
    for (int k = from; k < to; k += LINE / Character.BYTES) {
      sum += columns[k];
    }
    return sum;
  }

  /** Reads a column of each cache line. */
  static int fetch(int[] columns, int from, int to) {
    int sum = 0;
    for (int k = from; k < to; k += LINE / Integer.BYTES) {
      sum += columns[k];
    }
    return sum;
  }

  private static void count(char[] columns, int from, int to, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += 1f;
    }
  }

  private static void count(int[] columns, int from, int to, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += 1f;
    }
  }
}

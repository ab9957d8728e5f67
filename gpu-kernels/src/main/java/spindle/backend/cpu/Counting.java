package spindle.backend.cpu;

import java.util.Arrays;
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
  private final Sink sink;
  private final Share share;
  private final int width;
  private final int[] begins = new int[ROWS_AHEAD];
  private final int[] ends = new int[ROWS_AHEAD];

  /** Keeps the reading ahead alive for the compiler. */
  @SuppressWarnings("UnusedVariable")
  private int fetched;

  /**
   * @param sink of {@code float[]} or {@code short[]}
   * @param share of the columns
   */
  Counting(Csr csr, Sink sink, Share share) {
    this.indptr = csr.indptr();
    this.narrow = csr.narrow();
    this.wide = narrow.length > 0 ? new int[0] : csr.columns();
    this.sink = sink;
    this.share = share;
    this.width = csr.width();
  }

  @Override
  public void accept(Events events) {
    int[] rows = events.indices();
    for (int from = 0; from < events.count(); from += ROWS_AHEAD) {
      int count = Math.min(ROWS_AHEAD, events.count() - from);
      for (int e = 0; e < count; e++) {
        begins[e] = indptr[rows[from + e]];
        ends[e] = indptr[rows[from + e] + 1];
        fetched += narrow.length > 0 ? fetch(narrow, e) : fetch(wide, begins[e], ends[e]);
      }
      if (share.parts() > 1) {
        cut(count);
      }
      if (sink.array() instanceof short[] shorts) {
        count(count, shorts);
      } else if (sink.isPlain()) {
        count(count, (float[]) sink.array());
      } else {
        count(count, (float[]) sink.array(), sink.from(), sink.mask());
      }
    }
  }

  private int fetch(char[] columns, int e) {
    int sum = 0;
    for (int k = begins[e]; k < ends[e]; k += LINE / Character.BYTES) {
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

  /** Leaves of each row the columns of this part. */
  private void cut(int count) {
    for (int e = 0; e < count; e++) {
      int begin = begins[e];
      begins[e] = lower(begin, ends[e], share.from(width));
      ends[e] = lower(begin, ends[e], share.to(width));
    }
  }

  /** The first synapse in {@code [begin, end)} at or behind a column. */
  private int lower(int begin, int end, int column) {
    int at =
        narrow.length == 0
            ? Arrays.binarySearch(wide, begin, end, column)
            : column > Character.MAX_VALUE
                ? end
                : Arrays.binarySearch(narrow, begin, end, (char) column);
    return at < 0 ? -at - 1 : at;
  }

  private void count(int rows, short[] target) {
    for (int e = 0; e < rows; e++) {
      if (narrow.length > 0) {
        count(narrow, begins[e], ends[e], target);
      } else {
        count(wide, begins[e], ends[e], target);
      }
    }
  }

  private static void count(char[] columns, int from, int to, short[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]]++;
    }
  }

  private static void count(int[] columns, int from, int to, short[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]]++;
    }
  }

  private void count(int rows, float[] target) {
    for (int e = 0; e < rows; e++) {
      if (narrow.length > 0) {
        count(narrow, begins[e], ends[e], target);
      } else {
        count(wide, begins[e], ends[e], target);
      }
    }
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

  private void count(int rows, float[] target, int first, int mask) {
    for (int e = 0; e < rows; e++) {
      for (int k = begins[e]; k < ends[e]; k++) {
        int column = narrow.length > 0 ? narrow[k] : wide[k];
        target[(first + column) & mask] += 1f;
      }
    }
  }
}

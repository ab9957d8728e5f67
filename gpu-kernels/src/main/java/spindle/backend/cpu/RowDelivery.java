package spindle.backend.cpu;

import java.util.Arrays;
import java.util.function.Consumer;
import spindle.compile.Events;

/**
 * Adds the stored rows of events to their targets: a weight for each synapse, or 1.
 *
 * <p>Rows of a large matrix lie anywhere in memory. Waiting for one after the other takes most of
 * the time, so a few rows are fetched together before the first is walked: their cache lines then
 * arrive side by side.
 */
final class RowDelivery implements Consumer<Events> {
  /** Rows that are fetched together. */
  static final int ROWS_AHEAD = 32;

  private static final int LINE = 64;

  private final int[] indptr;
  private final char[] narrow;
  private final int[] wide;
  private final float[] weights;
  private final Share share;
  private final int width;
  private final Row row;
  private final int[] begins = new int[ROWS_AHEAD];
  private final int[] ends = new int[ROWS_AHEAD];

  /** Keeps the reading ahead alive for the compiler. */
  @SuppressWarnings("UnusedVariable")
  private float fetched;

  /** Adds the synapses of a row, or of a part of it. */
  private interface Row {
    void add(int from, int to);
  }

  /**
   * @param weights by synapse, or null for 1
   * @param sink of {@code float[]}, of counts also {@code short[]}, for one element per neuron
   * @param share of the columns
   */
  RowDelivery(Csr csr, float[] weights, Sink sink, Share share) {
    this.indptr = csr.indptr();
    this.narrow = csr.narrow();
    this.wide = narrow.length > 0 ? new int[0] : csr.columns();
    this.weights = weights;
    this.share = share;
    this.width = csr.width();
    this.row = row(sink);
  }

  private Row row(Sink sink) {
    boolean isNarrow = narrow.length > 0;
    if (sink.array() instanceof short[] counts) {
      return isNarrow
          ? (from, to) -> count(narrow, from, to, counts)
          : (from, to) -> count(wide, from, to, counts);
    }
    var sums = (float[]) sink.array();
    if (!sink.isPlain()) {
      return (from, to) -> add(from, to, sums, sink.from(), sink.mask());
    }
    if (weights == null) {
      return isNarrow
          ? (from, to) -> count(narrow, from, to, sums)
          : (from, to) -> count(wide, from, to, sums);
    }
    return isNarrow
        ? (from, to) -> add(narrow, from, to, weights, sums)
        : (from, to) -> add(wide, from, to, weights, sums);
  }

  @Override
  public void accept(Events events) {
    int[] rows = events.indices();
    for (int from = 0; from < events.count(); from += ROWS_AHEAD) {
      int count = Math.min(ROWS_AHEAD, events.count() - from);
      for (int e = 0; e < count; e++) {
        begins[e] = indptr[rows[from + e]];
        ends[e] = indptr[rows[from + e] + 1];
        fetched += fetch(begins[e], ends[e]);
      }
      if (share.parts() > 1) {
        cut(count);
      }
      for (int e = 0; e < count; e++) {
        row.add(begins[e], ends[e]);
      }
    }
  }

  private float fetch(int from, int to) {
    float sum = narrow.length > 0 ? fetch(narrow, from, to) : fetch(wide, from, to);
    if (weights != null) {
      for (int k = from; k < to; k += LINE / Float.BYTES) {
        sum += weights[k];
      }
    }
    return sum;
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

  private static void add(char[] columns, int from, int to, float[] w, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += w[k];
    }
  }

  private static void add(int[] columns, int from, int to, float[] w, float[] target) {
    for (int k = from; k < to; k++) {
      target[columns[k]] += w[k];
    }
  }

  private void add(int from, int to, float[] target, int first, int mask) {
    for (int k = from; k < to; k++) {
      int column = narrow.length > 0 ? narrow[k] : wide[k];
      target[(first + column) & mask] += weights == null ? 1f : weights[k];
    }
  }
}

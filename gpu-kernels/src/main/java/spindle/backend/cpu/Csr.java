package spindle.backend.cpu;

/**
 * Compressed sparse rows by presynaptic neuron, targets ascending within each. Where the targets of
 * every row are consecutive, as those of dense matrices are, all rows share one list of columns, so
 * that a synapse takes no memory beside its weight.
 */
final class Csr {
  /** Up to so many columns have 16-bit numbers. */
  static final int NARROW = Character.MAX_VALUE + 1;

  private final int width;
  private final int[] indptr;
  private final int[] starts;
  private final char[] narrow;
  private final float[] weights;
  private final double[] wideWeights;
  private volatile int[] wide;

  /**
   * @param width number of columns
   * @param indptr number of the first synapse of each row, with one entry more than rows
   * @param starts place of the first column of each row: {@code indptr} itself, or the column where
   *     rows are consecutive and columns 0, 1, 2, ...
   * @param narrow columns if there are fewer than 65,536, else empty: half the memory traffic
   * @param wide columns otherwise
   * @param weights weight per synapse, empty if all are 1 or one is no float
   * @param wideWeights weight per synapse if one is no float
   */
  Csr(
      int width,
      int[] indptr,
      int[] starts,
      char[] narrow,
      int[] wide,
      float[] weights,
      double[] wideWeights) {
    this.width = width;
    this.indptr = indptr;
    this.starts = starts;
    this.narrow = narrow;
    this.wide = wide;
    this.weights = weights;
    this.wideWeights = wideWeights;
  }

  /** Number of columns. */
  int width() {
    return width;
  }

  int[] indptr() {
    return indptr;
  }

  int[] starts() {
    return starts;
  }

  /** Whether the columns of every row are consecutive, and shared. */
  boolean consecutive() {
    return starts != indptr;
  }

  /** Whether rows {@code [i, end)} have the same consecutive columns. */
  boolean alike(int i, int end) {
    int count = indptr[i + 1] - indptr[i];
    for (int r = i + 1; r < end; r++) {
      if (starts[r] != starts[i] || indptr[r + 1] - indptr[r] != count) {
        return false;
      }
    }
    return consecutive();
  }

  char[] narrow() {
    return narrow;
  }

  float[] weights() {
    return weights;
  }

  double[] wideWeights() {
    return wideWeights;
  }

  /** All columns; made from the narrow ones for the first product that needs these in 32 bits. */
  int[] columns() {
    int[] known = wide;
    return known.length < narrow.length ? widened() : known;
  }

  private synchronized int[] widened() {
    if (wide.length < narrow.length) {
      var columns = new int[narrow.length];
      for (int k = 0; k < columns.length; k++) {
        columns[k] = narrow[k];
      }
      wide = columns;
    }
    return wide;
  }

  /**
   * Rows with delays by source.
   *
   * @param longest of the delays; columns come once per delay, the longest first
   */
  Csr bySource(int longest) {
    int post = width / longest;
    int pre = indptr.length - 1;
    int[] mine = columns();
    var order = new int[mine.length];
    var from = new int[longest * pre + 1];
    var columns = new int[mine.length];
    int[] next = indptr.clone();
    int at = 0;
    for (int source = 0; source < longest * pre; source++) {
      int i = source % pre;
      int first = source / pre * post;
      for (; next[i] < indptr[i + 1] && mine[next[i]] < first + post; next[i]++) {
        order[at] = next[i];
        columns[at++] = mine[next[i]] - first;
      }
      from[source + 1] = at;
    }
    var single = new float[weights.length];
    var exact = new double[wideWeights.length];
    for (int k = 0; k < order.length; k++) {
      if (single.length > 0) {
        single[k] = weights[order[k]];
      } else if (exact.length > 0) {
        exact[k] = wideWeights[order[k]];
      }
    }
    return new Csr(post, from, from, new char[0], columns, single, exact);
  }

  int synapses() {
    return indptr[indptr.length - 1];
  }

  synchronized long bytes() {
    return 4L * indptr.length
        + (consecutive() ? 4L * starts.length : 0)
        + 2L * narrow.length
        + 4L * wide.length
        + 4L * weights.length
        + 8L * wideWeights.length;
  }
}

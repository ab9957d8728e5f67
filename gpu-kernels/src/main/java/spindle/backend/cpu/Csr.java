package spindle.backend.cpu;

/** Compressed sparse rows by presynaptic neuron, targets ascending within each. */
final class Csr {
  /** Up to so many columns have 16-bit numbers. */
  static final int NARROW = Character.MAX_VALUE + 1;

  private final int width;
  private final int[] indptr;
  private final char[] narrow;
  private final float[] weights;
  private final double[] wideWeights;
  private int[] wide;

  /**
   * @param width number of columns
   * @param indptr where each row begins, with one entry more than rows
   * @param narrow columns if there are fewer than 65,536, else empty: half the memory traffic
   * @param wide columns otherwise
   * @param weights weight per synapse, empty if all are 1 or one is no float
   * @param wideWeights weight per synapse if one is no float
   */
  Csr(int width, int[] indptr, char[] narrow, int[] wide, float[] weights, double[] wideWeights) {
    this.width = width;
    this.indptr = indptr;
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

  char[] narrow() {
    return narrow;
  }

  float[] weights() {
    return weights;
  }

  double[] wideWeights() {
    return wideWeights;
  }

  /** All columns; made from the narrow ones for the first product that is not a count of spikes. */
  synchronized int[] columns() {
    if (wide.length < narrow.length) {
      var columns = new int[narrow.length];
      for (int k = 0; k < columns.length; k++) {
        columns[k] = narrow[k];
      }
      wide = columns;
    }
    return wide;
  }

  int synapses() {
    return indptr[indptr.length - 1];
  }

  synchronized long bytes() {
    return 4L * indptr.length
        + 2L * narrow.length
        + 4L * wide.length
        + 4L * weights.length
        + 8L * wideWeights.length;
  }
}

package spindle.connect;

/**
 * Column chunks of rows that are drawn chunk by chunk; part of the definition of such a matrix.
 *
 * @param columns number of columns
 * @param p fraction of them that a row has
 */
record Chunks(int columns, double p) {
  /** No chunk is narrower: as many targets fit a cache. */
  private static final int NARROWEST = 1 << 15;

  /**
   * Synapses per row that a chunk holds at least, or beginning rows would cost more than walking.
   */
  private static final int FEWEST_SYNAPSES = 32;

  /** Columns per chunk. */
  int width() {
    long most = Math.max(1, (columns + (long) NARROWEST - 1) / NARROWEST);
    long wanted = Math.max(1, Math.min(most, (long) (p * columns / FEWEST_SYNAPSES)));
    long width = (columns + wanted - 1) / wanted;
    return (int) Math.max(64, (width + 63) / 64 * 64);
  }

  /** Number of chunks. */
  int count() {
    return Math.max(1, (int) ((columns + (long) width() - 1) / width()));
  }
}

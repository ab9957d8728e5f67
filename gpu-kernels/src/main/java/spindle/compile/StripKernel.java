package spindle.compile;

/**
 * Multiplies a strip of a dense matrix by some members of a batch: targets in the lanes, sums in
 * registers, and weights that come next read ahead.
 */
public interface StripKernel {
  /** Members at most. */
  int MEMBERS = TileKernel.ROWS;

  /** Vectors of targets, which make a strip. */
  int VECTORS = RowsKernel.VECTORS;

  /**
   * Streams in which weights are read ahead. A processor fetches ahead of each by itself, but not
   * beyond a page of memory, and a stream that enters one waits: the more there are, the more of
   * them wait at once.
   */
  int STREAMS = 8;

  /**
   * What a class is written for.
   *
   * @param members of the batch
   * @param ahead weights that are read ahead for each source
   */
  record Shape(int members, int ahead) {}

  /**
   * sums[m, lane] += x[k, m] * w[k, lane] for k = 0, 1, ... {@code count - 1}, each added in one
   * rounding.
   *
   * @param x member m of source k at {@code xAt + k * members + m}
   * @param w lane 0 of source k at {@code wAt} and k times the lanes of a strip, lanes side by side
   * @param sums lane 0 of member m at {@code sumsAt} and m times the lanes of a strip
   * @param next where the first stream of weights begins that are read ahead, not each, for others
   *     to find them in the cache: {@code count * ahead}, a part of each stream
   * @param apart from one stream to the next
   * @return of what was read ahead: without a use it would not be read
   */
  int run(
      float[] x,
      int xAt,
      float[] w,
      int wAt,
      float[] sums,
      int sumsAt,
      int count,
      int next,
      int apart);
}

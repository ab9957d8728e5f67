package spindle.compile;

import java.util.Arrays;

/**
 * Counts columns a turn late: the loops that compute the next ones count those before on their way,
 * {@link Loop#tallies()}, so that single loads and stores take their time beside vectors. What is
 * left to do is to count for lanes that have no row any more, and to leave nothing to count behind
 * the last lane.
 */
final class LateCount implements LaneVisitor {
  /** Lanes that loops go over together. */
  private static final int TOGETHER = 64;

  private final Object counts;
  private final int spill;

  /**
   * @param counts {@code short[]}, {@code float[]} or {@code double[]}
   * @param spill element for what does not count
   */
  LateCount(Object counts, int spill) {
    this.counts = counts;
    this.spill = spill;
  }

  /** Nothing to count in any lane. */
  void empty(int[] columns) {
    Arrays.fill(columns, spill);
  }

  Object counts() {
    return counts;
  }

  int spill() {
    return spill;
  }

  @Override
  public void turn(int[] columns, int lanes, int end) {
    for (int lane = lanes; lane % TOGETHER != 0; lane++) {
      columns[lane] = spill;
    }
  }

  @Override
  public void leave(int[] columns, int from, int to) {
    if (counts instanceof short[] s) {
      for (int lane = from; lane < to; lane++) {
        s[columns[lane]]++;
      }
    } else if (counts instanceof float[] f) {
      for (int lane = from; lane < to; lane++) {
        f[columns[lane]] += 1;
      }
    } else {
      var d = (double[]) counts;
      for (int lane = from; lane < to; lane++) {
        d[columns[lane]] += 1;
      }
    }
    Arrays.fill(columns, from, to, spill);
  }
}

package spindle.compile;

import java.lang.reflect.Array;

/**
 * Counts columns a turn late: the loops that compute the next ones count those before on their way,
 * {@link Loop#tallies()}, so that single loads and stores take their time beside vectors. What is
 * left to do is to count for lanes that have no row any more, and to leave nothing to count behind
 * the last lane.
 */
final class LateCount implements LaneVisitor {
  /**
   * Elements that take what does not count, by turns: one alone would be read again and again
   * before it is written.
   */
  static final int SPILLS = 32;

  private final Object counts;
  private final int spill;

  /**
   * @param counts {@code short[]}, {@code float[]} or {@code double[]}
   * @param width number of columns
   * @param spill the first of {@link #SPILLS} elements behind them for what does not count
   * @throws IllegalArgumentException if the counts have no such elements
   */
  LateCount(Object counts, int width, int spill) {
    if (spill < width || spill + SPILLS > Array.getLength(counts)) {
      throw new IllegalArgumentException(
          "spill must lie behind %d columns, %d before the end of the target, got %d"
              .formatted(width, SPILLS, spill));
    }
    this.counts = counts;
    this.spill = spill;
  }

  /** Leaves nothing to count in lanes {@code [from, to)}. */
  void empty(int[] columns, int from, int to) {
    for (int lane = from; lane < to; lane++) {
      columns[lane] = spill + lane % SPILLS;
    }
  }

  Object counts() {
    return counts;
  }

  int spill() {
    return spill;
  }

  @Override
  public void turn(int[] columns, int lanes, int end) {
    empty(columns, lanes, Sheet.padded(lanes));
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
    empty(columns, from, to);
  }
}

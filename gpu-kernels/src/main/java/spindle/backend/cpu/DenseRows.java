package spindle.backend.cpu;

import java.util.Arrays;
import spindle.backend.cpu.Tiles.Part;

/** The rows of a full matrix that a product needs, side by side for as many members of a batch. */
final class DenseRows {
  /** Members together: as many as the widest vectors of a tile hold. */
  private static final int MEMBERS = 32;

  /** Share of rows up to which it pays to lay them side by side. */
  private static final double FEW = 0.75;

  /** One of so many rows tells whether it pays to look at all. */
  private static final int SAMPLED = 8;

  private final Dense matrix;
  private final Matrix.Sum sum;
  private final float[] needed;
  private final int from;
  private final int to;

  /** Rows that any of the members of a group needs: those of a group, then of the next. */
  private final int[] rows;

  private final int[] counts;
  private final float[] side;
  private final float[] sums;

  /**
   * Makes room.
   *
   * @param from first row
   * @param to row behind the last
   */
  DenseRows(Dense matrix, Matrix.Sum sum, int from, int to) {
    this.matrix = matrix;
    this.sum = sum;
    this.needed = (float[]) sum.needed();
    this.from = from;
    this.to = to;
    int groups = (sum.batch() + MEMBERS - 1) / MEMBERS;
    this.rows = new int[groups * (to - from)];
    this.counts = new int[groups];
    this.side = new float[(to - from) * matrix.post()];
    this.sums = new float[(to - from) * MEMBERS];
  }

  /** Adds the product with {@code b} if few rows are needed; whether it did. */
  boolean multiply(Tiles tiles, Part b) {
    int sampled = (to - from + SAMPLED - 1) / SAMPLED;
    if (count(SAMPLED) > FEW * counts.length * sampled || count(1) > FEW * rows.length) {
      return false;
    }
    for (int g = 0; g < counts.length; g++) {
      multiply(tiles, b, g);
    }
    return true;
  }

  /** Lists the needed ones of every so many rows; how many there are in all groups. */
  private int count(int every) {
    int all = 0;
    for (int g = 0; g < counts.length; g++) {
      counts[g] = pick(g, every);
      all += counts[g];
    }
    return all;
  }

  private int pick(int group, int every) {
    int begin = group * MEMBERS;
    int width = Math.min(sum.batch() - begin, MEMBERS);
    int at = group * (to - from);
    int count = 0;
    for (int i = from; i < to; i += every) {
      if (isAny(needed, i * sum.batch() + begin, width)) {
        rows[at + count++] = i;
      }
    }
    return count;
  }

  private static boolean isAny(float[] mask, int from, int count) {
    int k = from;
    while (k < from + count && mask[k] == 0) {
      k++;
    }
    return k < from + count;
  }

  private void multiply(Tiles tiles, Part b, int group) {
    int post = matrix.post();
    int first = group * (to - from);
    int begin = group * MEMBERS;
    int width = Math.min(sum.batch() - begin, MEMBERS);
    for (int n = 0; n < counts[group]; n++) {
      System.arraycopy(matrix.w(), rows[first + n] * post, side, n * post, post);
    }
    Arrays.fill(sums, 0, counts[group] * width, 0);
    var members = new Part(b.values(), begin, b.row(), 1);
    var c = new Part(sums, 0, width, 1);
    tiles.multiply(new Part(side, 0, post, 1), 0, counts[group], members, width, post, c);
    var target = (float[]) sum.target();
    for (int n = 0; n < counts[group]; n++) {
      System.arraycopy(sums, n * width, target, rows[first + n] * sum.batch() + begin, width);
    }
  }
}

package spindle.backend.cpu;

import java.util.Arrays;
import spindle.compile.RowVisitor;
import spindle.ir.Rows;

/**
 * Gives rows with delays on as rows by source: of one step, or of each, the longest delay first.
 */
final class Ages implements RowVisitor {
  private static final int ALL = -1;

  private final int pre;
  private final int post;
  private final RowVisitor sorted = Sums.ascending(this::cut);
  private RowVisitor next;
  private int only = ALL;
  private int[] columns = new int[0];

  /**
   * @param rows by presynaptic neuron
   */
  Ages(Rows rows) {
    this.pre = rows.pre();
    this.post = rows.post();
  }

  /** Gives the rows of one step on, 0 for that with the longest delay. */
  RowVisitor only(int step, RowVisitor visitor) {
    only = step;
    next = visitor;
    return this;
  }

  /** Gives the rows of all steps on. */
  RowVisitor all(RowVisitor visitor) {
    return only(ALL, visitor);
  }

  @Override
  public void row(int row, int[] own, int from, int to, Object weights, int first) {
    sorted.row(row, own, from, to, weights, first);
  }

  private void cut(int row, int[] own, int from, int to, Object weights, int first) {
    for (int begin = from; begin < to; ) {
      int step = own[begin] / post;
      int end = begin + 1;
      while (end < to && own[end] < (step + 1) * post) {
        end++;
      }
      if (only == ALL || only == step) {
        number(step, own, begin, end);
        next.row(step * pre + row, columns, begin, end, weights, first + begin - from);
      }
      begin = end;
    }
  }

  /** Numbers the columns of one delay from 0 on. */
  private void number(int step, int[] own, int from, int to) {
    if (columns.length < to) {
      columns = Arrays.copyOf(columns, Math.max(to, 2 * columns.length));
    }
    for (int k = from; k < to; k++) {
      columns[k] = own[k] - step * post;
    }
  }
}

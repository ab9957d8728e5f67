package spindle.backend.cpu;

import java.util.Arrays;
import java.util.function.Consumer;
import spindle.compile.Events;
import spindle.compile.RowVisitor;

/** Delivers the events of a batch: each row is walked once, for all members that fired. */
final class BatchDelivery implements Consumer<Events>, RowVisitor {
  private final int batch;
  private final RowVisitor[] members;
  private final Source source;
  private int[] rows = new int[16];
  private Events events;
  private int next;

  /** Gives the first {@code count} of some rows, chunk by chunk. */
  interface Source {
    void visit(int[] rows, int count, RowVisitor visitor);
  }

  BatchDelivery(int batch, Object target, Source source) {
    this.batch = batch;
    this.members = new RowVisitor[batch];
    Arrays.setAll(members, b -> Sums.add(target, batch, b));
    this.source = source;
  }

  @Override
  public void accept(Events fired) {
    events = fired;
    int count = 0;
    if (rows.length < fired.count()) {
      rows = new int[2 * fired.count()];
    }
    for (int e = 0; e < fired.count(); e++) {
      int row = fired.indices()[e] / batch;
      if (count == 0 || rows[count - 1] != row) {
        rows[count++] = row;
      }
    }
    next = 0;
    source.visit(rows, count, this);
  }

  @Override
  public void row(int row, int[] columns, int from, int to, Object weights, int first) {
    if (next > 0 && events.indices()[next - 1] / batch > row) {
      next = 0; // the rows begin again, in the next chunk
    }
    while (next < events.count() && events.indices()[next] / batch < row) {
      next++;
    }
    for (; next < events.count() && events.indices()[next] / batch == row; next++) {
      members[events.indices()[next] % batch].row(row, columns, from, to, weights, first);
    }
  }
}

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

  BatchDelivery(Sink sink, Source source) {
    this.batch = sink.batch();
    this.members = new RowVisitor[batch];
    Arrays.setAll(members, b -> Sums.add(sink, b));
    this.source = source;
  }

  @Override
  public void accept(Events fired) {
    events = fired;
    int count = 0;
    if (rows.length < fired.count()) {
      rows = new int[2 * fired.count()];
    }
    long end = 0; // behind the members of the last row
    for (int e = 0; e < fired.count(); e++) {
      int i = fired.indices()[e];
      if (i >= end) {
        rows[count] = i / batch;
        end = (rows[count++] + 1L) * batch;
      }
    }
    next = 0;
    source.visit(rows, count, this);
  }

  @Override
  public void row(int row, int[] columns, int from, int to, Object weights, int first) {
    int[] fired = events.indices();
    int count = events.count();
    int member0 = row * batch;
    if (next > 0 && fired[next - 1] >= member0) {
      next = 0; // the rows begin again, in the next chunk
    }
    while (next < count && fired[next] < member0) {
      next++;
    }
    for (; next < count && fired[next] - member0 < batch; next++) {
      members[fired[next] - member0].row(row, columns, from, to, weights, first);
    }
  }
}

package spindle.backend.cpu;

import spindle.compile.RowVisitor;
import spindle.ir.Rows;

/** Finds rows by source among rows by presynaptic neuron that are walked anew, step by step. */
final class Sources implements BatchDelivery.Source {
  private final int pre;
  private final Ages ages;
  private final BatchDelivery.Source neurons;
  private int[] some = new int[16];

  /**
   * @param neurons gives rows by presynaptic neuron
   */
  Sources(Rows rows, BatchDelivery.Source neurons) {
    this.pre = rows.pre();
    this.ages = new Ages(rows);
    this.neurons = neurons;
  }

  @Override
  public void visit(int[] sources, int count, RowVisitor visitor) {
    if (some.length < count) {
      some = new int[2 * count];
    }
    for (int from = 0; from < count; ) {
      int step = sources[from] / pre;
      int to = from;
      for (; to < count && sources[to] / pre == step; to++) {
        some[to - from] = sources[to] % pre;
      }
      neurons.visit(some, to - from, ages.only(step, visitor));
      from = to;
    }
  }
}

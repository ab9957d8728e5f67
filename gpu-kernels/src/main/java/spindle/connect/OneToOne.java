package spindle.connect;

import java.util.Map;
import spindle.ir.Rows;

/**
 * Neuron i is connected to neuron i.
 *
 * @param size number of neurons on either side
 */
public record OneToOne(int size) implements Connectivity {
  public OneToOne {
    Connectivity.requireSizes(size, size);
  }

  @Override
  public int pre() {
    return size;
  }

  @Override
  public int post() {
    return size;
  }

  @Override
  public Rows rows(String name, Rows.Storage storage) {
    var t = new RowTrace(name, "one-to-one");
    t.output(Rows.FIRST, t.row())
        .output(Rows.END, t.row().plus(1))
        .output(Rows.COLUMN, t.cursor())
        .output(Rows.NEXT, t.cursor().plus(1));
    return new Rows(name, size, size, 1, false, storage, t.finish());
  }

  @Override
  public Map<String, Double> arguments(String name, long seed) {
    return Map.of();
  }

  @Override
  public double expectedSynapses() {
    return size;
  }
}

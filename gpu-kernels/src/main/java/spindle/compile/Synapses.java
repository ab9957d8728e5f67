package spindle.compile;

import java.util.Arrays;

/** A growing list of synapses of one row: columns and, where they have them, weights. */
public final class Synapses {
  private int[] columns = new int[256];
  private double[] weights = new double[0];
  private int count;

  /** Number of synapses. */
  public int count() {
    return count;
  }

  /** Column of synapse k. */
  public int column(int k) {
    return columns[k];
  }

  /** Weight of synapse k, 1 where rows have none. */
  public double weight(int k) {
    return k < weights.length ? weights[k] : 1;
  }

  /** Forgets all synapses. */
  public void clear() {
    count = 0;
  }

  /** Adds a synapse. */
  public void add(int column) {
    if (count == columns.length) {
      columns = Arrays.copyOf(columns, 2 * count);
    }
    columns[count++] = column;
  }

  /** Adds a synapse with a weight. */
  public void add(int column, double weight) {
    add(column);
    if (weights.length < columns.length) {
      weights = Arrays.copyOf(weights, columns.length);
    }
    weights[count - 1] = weight;
  }
}

package spindle.compile;

/** Compiled rows: each method walks one row inside one column chunk. */
public interface RowKernel {
  /** Adds 1 to {@code target} at every column. */
  void count(int row, int chunk, double[] scalars, float[] target);

  /** Adds 1 to {@code target} at every column. */
  void count(int row, int chunk, double[] scalars, double[] target);

  /** Adds each synapse's weight to {@code target} at its column. */
  void add(int row, int chunk, double[] scalars, float[] target);

  /** Adds each synapse's weight to {@code target} at its column. */
  void add(int row, int chunk, double[] scalars, double[] target);

  /** Lists the columns. */
  void list(int row, int chunk, double[] scalars, Synapses out);

  /** Lists the columns with their weights. */
  void listWeighted(int row, int chunk, double[] scalars, Synapses out);
}

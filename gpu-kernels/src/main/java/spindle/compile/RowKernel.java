package spindle.compile;

/**
 * Compiled rows. {@link #begin} starts a row inside one column chunk; each of the other methods
 * walks on while draws last, and says whether the row is done.
 *
 * <p>{@code at} holds the number of the next synapse and the cursor; {@code draws} the draws of
 * synapses {@code base} to {@code base + count - 1}; {@code values} what depends on the row alone.
 */
interface RowKernel {
  /** Computes what depends on the row alone and sets {@code at} to its start. */
  void begin(int row, int chunk, double[] parameters, double[] values, int[] at);

  /** Adds each synapse's weight, 1 where rows have none, to {@code target} at its column. */
  boolean add(int[] at, int base, int count, double[] values, Object[] draws, float[] target);

  /** Adds each synapse's weight, 1 where rows have none, to {@code target} at its column. */
  boolean add(int[] at, int base, int count, double[] values, Object[] draws, double[] target);

  /** Lists the columns, with their weights if they have any. */
  boolean list(int[] at, int base, int count, double[] values, Object[] draws, Synapses out);
}

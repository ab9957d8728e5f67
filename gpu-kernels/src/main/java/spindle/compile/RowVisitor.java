package spindle.compile;

/** Takes rows as they are walked. */
public interface RowVisitor {
  /**
   * One row inside a column chunk; synapses lie at places {@code [from, to)}.
   *
   * @param row number of the row
   * @param columns columns of this and other rows, to be read only
   * @param weights {@code float[]} or {@code double[]} beside the columns, or null for all 1
   */
  void row(int row, int[] columns, int from, int to, Object weights);
}

package spindle.compile;

/** Takes rows as they are walked. */
public interface RowVisitor {
  /**
   * One row inside a column chunk; its columns lie at places {@code [from, to)}.
   *
   * @param row number of the row
   * @param columns columns of this and other rows, to be read only
   * @param weights {@code float[]} or {@code double[]}, or null for all 1
   * @param first where the weights begin; rows with equal columns may share these
   */
  void row(int row, int[] columns, int from, int to, Object weights, int first);
}

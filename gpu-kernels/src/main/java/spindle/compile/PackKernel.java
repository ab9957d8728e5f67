package spindle.compile;

/** Deals a row of a dense matrix out to panels of {@link TileKernel#VECTORS} vectors each. */
public interface PackKernel {
  /**
   * Copies whole panels: the vectors of one lie side by side in the row, and at {@code to} in its
   * panel.
   *
   * @param from place in the row
   * @param panels how many
   * @param step from one panel to the next
   */
  void run(float[] row, int from, int panels, float[] packed, int to, int step);
}

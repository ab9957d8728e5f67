package spindle.compile;

/**
 * Multiplies rows of a dense matrix by a vector, a row to each lane: a sum that keeps its order
 * cannot be split among lanes, so blocks of the matrix are transposed in registers.
 */
public interface DotKernel {
  /** Rows together. */
  int ROWS = 16;

  /** Rows, and columns, of a block. */
  int BLOCK = 8;

  /**
   * c[cAt + r] += w[at + r * row + k] * x[k] for k = from, from + 1, ... to - 1, each added in one
   * rounding.
   *
   * @param to behind the last column, whole blocks behind {@code from}
   */
  void run(float[] w, int at, int row, float[] x, int from, int to, float[] c, int cAt);
}

package spindle.train.readout;

/**
 * tile += sign * left' right: the loop in which a Gram matrix and a Cholesky factor spend their
 * time. Each entry of the tile gathers its products in ascending order of the rows.
 *
 * @param sign 1 or -1
 * @param left rows as wide as the tile is high; their number is a multiple of {@link #ROWS}
 * @param right as many rows, as wide as the tile
 */
record RankUpdate(double sign, double[][] left, double[][] right) {
  /** Rows taken at once: with 6, C2 of JDK 17 no longer vectorises. */
  static final int ROWS = 4;

  /** Rows that stay in the second-level cache while the tile passes by. */
  private static final int CHUNK = 64;

  void addTo(double[][] tile) {
    for (int from = 0; from < left.length; from += CHUNK) {
      int to = Math.min(from + CHUNK, left.length);
      for (int s = from; s < to; s += ROWS) {
        for (int i = 0; i < tile.length; i++) {
          addRows(tile[i], i, s);
        }
      }
    }
  }

  private void addRows(double[] out, int i, int s) {
    double a = sign * left[s][i];
    double b = sign * left[s + 1][i];
    double c = sign * left[s + 2][i];
    double d = sign * left[s + 3][i];
    double[] x = right[s];
    double[] y = right[s + 1];
    double[] z = right[s + 2];
    double[] w = right[s + 3];
    for (int j = 0; j < out.length; j++) {
      out[j] = out[j] + a * x[j] + b * y[j] + c * z[j] + d * w[j];
    }
  }
}

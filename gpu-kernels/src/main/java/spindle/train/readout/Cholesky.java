package spindle.train.readout;

/**
 * Factor R of a symmetric positive definite matrix A = R'R, R upper triangular.
 *
 * <p>Right-looking by tiles (Golub and Van Loan 2013, section 4.2): factor the tile on the
 * diagonal, divide the tiles right of it, subtract their products from the rest.
 */
final class Cholesky {
  private static final double EPSILON = 0x1p-52;

  private final Tiles r;
  private final String what;
  private final double tolerance;

  private Cholesky(Tiles a, String what) {
    r = a;
    this.what = what;
    // A pivot of the size of the rounding errors that n subtractions leave behind says nothing.
    tolerance = 4 * EPSILON * Math.sqrt(a.size());
  }

  /**
   * Factors {@code a} in place, which becomes the factor.
   *
   * @param what stands for a row, in messages
   * @throws FitException if {@code a} is not positive definite to working precision
   */
  static Cholesky of(Tiles a, String what) {
    Cholesky c = new Cholesky(a, what);
    double[] diagonal = new double[a.size()];
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] = a.at(i, i);
    }
    for (int k = 0; k < a.across(); k++) {
      c.factor(k, diagonal);
      c.divideRight(k);
      c.subtractProducts(k);
    }
    return c;
  }

  private void factor(int k, double[] diagonal) {
    double[][] tile = tile(k, k);
    for (int p = 0; p < tile.length; p++) {
      double[] row = tile[p];
      int at = k * Tiles.WIDTH + p;
      checkPivot(row[p], diagonal[at], at);
      double root = Math.sqrt(row[p]);
      for (int c = p; c < row.length; c++) {
        row[c] /= root;
      }
      for (int q = p + 1; q < tile.length; q++) {
        subtract(tile[q], row[q], row);
      }
    }
  }

  private void checkPivot(double pivot, double before, int at) {
    if (!Double.isFinite(pivot)) {
      throw new FitException(
          "the matrix is not finite: the pivot of %s %d is %s; look for NaN and infinity in samples"
              .formatted(what, at, pivot));
    }
    if (!(pivot > tolerance * before)) {
      throw new FitException(
          "the matrix is singular to working precision: the pivot of %s %d is %s, of %s on the diagonal; raise the penalty"
              .formatted(what, at, pivot, before));
    }
  }

  /** Solves R_kk' R_kj = A_kj for the tiles right of the diagonal. */
  private void divideRight(int k) {
    double[][] corner = tile(k, k);
    for (int j = k + 1; j < r.across(); j++) {
      double[][] tile = tile(k, j);
      for (int p = 0; p < tile.length; p++) {
        double[] row = tile[p];
        double pivot = corner[p][p];
        for (int c = 0; c < row.length; c++) {
          row[c] /= pivot;
        }
        for (int q = p + 1; q < tile.length; q++) {
          subtract(tile[q], corner[p][q], row);
        }
      }
    }
  }

  /** A_ij -= R_ki' R_kj; every tile row but the last is full, so the loop's row groups are too. */
  private void subtractProducts(int k) {
    for (int j = k + 1; j < r.across(); j++) {
      for (int i = k + 1; i <= j; i++) {
        new RankUpdate(-1, tile(k, i), tile(k, j)).addTo(tile(i, j));
      }
    }
  }

  private static void subtract(double[] out, double factor, double[] row) {
    for (int c = 0; c < out.length; c++) {
      out[c] -= factor * row[c];
    }
  }

  private double[][] tile(int i, int j) {
    return r.tile(Tiles.index(i, j));
  }

  /** Replaces {@code b} by the x of A x = b. */
  void solve(double[] b) {
    for (int i = 0; i < b.length; i++) {
      b[i] /= r.at(i, i);
      subtractRow(b, i);
    }
    for (int i = b.length - 1; i >= 0; i--) {
      b[i] = (b[i] - dotRow(b, i)) / r.at(i, i);
    }
  }

  /** b_j -= R_ij b_i for all j right of i. */
  private void subtractRow(double[] b, int i) {
    int k = i / Tiles.WIDTH;
    for (int j = k; j < r.across(); j++) {
      double[] row = tile(k, j)[i % Tiles.WIDTH];
      int at = j * Tiles.WIDTH;
      for (int c = j == k ? i + 1 - at : 0; c < row.length; c++) {
        b[at + c] -= row[c] * b[i];
      }
    }
  }

  /** Sum of R_ij b_j over all j right of i. */
  private double dotRow(double[] b, int i) {
    int k = i / Tiles.WIDTH;
    double sum = 0;
    for (int j = k; j < r.across(); j++) {
      double[] row = tile(k, j)[i % Tiles.WIDTH];
      int at = j * Tiles.WIDTH;
      for (int c = j == k ? i + 1 - at : 0; c < row.length; c++) {
        sum += row[c] * b[at + c];
      }
    }
    return sum;
  }
}

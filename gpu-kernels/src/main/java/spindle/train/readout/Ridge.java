package spindle.train.readout;

/**
 * Ridge regression: the W that minimises |X W - Y|^2 + lambda |W|^2 (Hoerl and Kennard 1970).
 *
 * @param lambda penalty, positive and finite
 * @param bias whether a constant is learnt too; it carries no penalty
 */
public record Ridge(double lambda, boolean bias) {
  public Ridge {
    if (!(lambda > 0) || lambda == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("lambda must be positive and finite, got " + lambda);
    }
  }

  /**
   * Solves (X'X + lambda I) W = X'Y, or with a bias the same of centred X and Y; needs as much
   * memory as the Gram once more.
   *
   * @throws IllegalArgumentException if {@code gram} is a part
   * @throws FitException if the matrix is singular to working precision or not finite
   */
  public Readout fit(Gram gram) {
    if (gram.part().of() > 1) {
      throw new IllegalArgumentException("join the parts first, got " + gram.part());
    }
    int units = gram.shape().units();
    int targets = gram.shape().targets();
    boolean centred = bias && gram.samples() > 0;
    double[] sums = column(gram, units + targets);
    Tiles a = gram.tiles().leading(units);
    if (centred) {
      a.subtractOuter(1.0 / gram.samples(), sums);
    }
    a.addToDiagonal(lambda);
    Cholesky factor = Cholesky.of(a, "unit");
    double[] weights = new double[Math.multiplyExact(units, targets)];
    double[] constants = new double[targets];
    for (int t = 0; t < targets; t++) {
      double[] w = column(gram, units + t);
      double mean = centred ? gram.tiles().at(units + t, units + targets) / gram.samples() : 0;
      addScaled(w, -mean, sums);
      factor.solve(w);
      for (int u = 0; u < units; u++) {
        weights[u * targets + t] = w[u];
      }
      constants[t] = centred ? mean - dot(sums, w) / gram.samples() : 0;
    }
    return new Readout(units, targets, weights, constants);
  }

  /**
   * Memory of a fit with fewer samples than units, beside the samples [B].
   *
   * @param samples fewer than {@code units}
   */
  public static double dualBytes(double samples, double units) {
    return Double.BYTES * samples * samples / 2
        + 2 * Math.min(DualRidge.RUN_BYTES, Double.BYTES * samples * units);
  }

  /**
   * Solves for samples that are all at hand, by whichever matrix is smaller: X'X of the units or
   * XX' of the samples. Both give the same W but for rounding.
   *
   * @throws IllegalArgumentException if x and y differ in samples
   * @throws FitException if the matrix is singular to working precision or not finite
   */
  public Readout fit(Features x, Features y) {
    if (x.samples() != y.samples()) {
      throw new IllegalArgumentException(
          "samples of targets must be " + x.samples() + ", got " + y.samples());
    }
    if (x.samples() < x.units()) {
      return new DualRidge(this, x, y).fit();
    }
    Gram gram = new Gram(new Gram.Shape(x.units(), y.units(), Math.max(1, x.samples())));
    if (x.samples() > 0) {
      gram.add(x, y);
    }
    return fit(gram);
  }

  private static double[] column(Gram gram, int column) {
    double[] values = new double[gram.shape().units()];
    for (int u = 0; u < values.length; u++) {
      values[u] = gram.tiles().at(u, column);
    }
    return values;
  }

  private static void addScaled(double[] out, double factor, double[] a) {
    for (int u = 0; u < out.length; u++) {
      out[u] += factor * a[u];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int u = 0; u < a.length; u++) {
      sum += a[u] * b[u];
    }
    return sum;
  }
}

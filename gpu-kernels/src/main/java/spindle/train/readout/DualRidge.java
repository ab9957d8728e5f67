package spindle.train.readout;

/**
 * Ridge regression with fewer samples than units: W = X' (XX' + lambda I)^-1 Y (Saunders, Gammerman
 * and Vovk 1998).
 *
 * <p>Takes the units in runs, each read twice: for its products, then for its weights. So X is
 * never held whole; beside XX' there are two copies of a run.
 */
final class DualRidge {
  /** Of a run in float64 [B]. */
  static final long RUN_BYTES = 128L << 20;

  private final Ridge ridge;
  private final Features x;
  private final Features y;
  private final int samples;
  private final int units;

  /** Units per run: a multiple of what a product takes at once. */
  private final int run;

  DualRidge(Ridge ridge, Features x, Features y) {
    this(ridge, x, y, RUN_BYTES);
  }

  /**
   * @param runBytes size of a run in float64 [B]; changes no bit
   */
  DualRidge(Ridge ridge, Features x, Features y, long runBytes) {
    this.ridge = ridge;
    this.x = x;
    this.y = y;
    samples = x.samples();
    units = x.units();
    long fit = Math.min(units, runBytes / (Double.BYTES * Math.max(1L, samples)));
    run = (int) Math.max(RankUpdate.ROWS, fit / RankUpdate.ROWS * RankUpdate.ROWS);
  }

  Readout fit() {
    Tiles k = products();
    k.addToDiagonal(ridge.lambda());
    Cholesky factor = Cholesky.of(k, "sample");
    int targets = y.units();
    double[][] a = new double[targets][samples];
    double[] bias = new double[targets];
    byUnit(y, 0, a);
    for (int t = 0; t < targets; t++) {
      bias[t] = centre(a[t]);
      factor.solve(a[t]);
    }
    return weights(a, bias);
  }

  /** The values of units from {@code from} on, one row each. */
  private static void byUnit(Features features, int from, double[][] rows) {
    double[] sample = new double[features.units()];
    for (int s = 0; s < features.samples(); s++) {
      features.read(s, sample, 0);
      for (int u = 0; u < rows.length; u++) {
        rows[u][s] = sample[from + u];
      }
    }
  }

  /** Subtracts the mean, if there is to be a bias, and returns it. */
  private double centre(double[] values) {
    if (!ridge.bias() || samples == 0) {
      return 0;
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / samples;
    for (int s = 0; s < samples; s++) {
      values[s] -= mean;
    }
    return mean;
  }

  private Tiles products() {
    Tiles k = new Tiles(samples);
    int count = Tiles.count(samples);
    for (int t = 0; t < count; t++) {
      k.put(t, k.zero(t));
    }
    for (int from = 0; from < units; from += run) {
      double[][] rows = new double[Math.min(run, units - from)][samples];
      byUnit(x, from, rows);
      for (double[] row : rows) {
        centre(row);
      }
      Panels panels = new Panels(new Rows(rows, samples));
      for (int t = 0; t < count; t++) {
        int j = Tiles.column(t);
        panels.addProducts(k.tile(t), t - Tiles.index(0, j), j);
      }
    }
    return k;
  }

  /** Weights from the solved samples; the bias takes up what the units' means add. */
  private Readout weights(double[][] a, double[] bias) {
    int targets = a.length;
    double[] weights = new double[Math.multiplyExact(units, targets)];
    for (int from = 0; from < units; from += run) {
      double[][] rows = new double[Math.min(run, units - from)][samples];
      byUnit(x, from, rows);
      for (int u = 0; u < rows.length; u++) {
        double mean = centre(rows[u]);
        for (int t = 0; t < targets; t++) {
          double w = dot(rows[u], a[t]);
          weights[(from + u) * targets + t] = w;
          bias[t] -= mean * w;
        }
      }
    }
    return new Readout(units, targets, weights, bias);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int s = 0; s < a.length; s++) {
      sum += a[s] * b[s];
    }
    return sum;
  }

  /** Units in the part of samples, so that XX' is their Gram matrix. */
  private record Rows(double[][] rows, int units) implements Features {
    @Override
    public int samples() {
      return rows.length;
    }

    @Override
    public void read(int sample, double[] row, int at) {
      System.arraycopy(rows[sample], 0, row, at, units);
    }
  }
}

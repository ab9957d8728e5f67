package spindle.train.readout;

/**
 * Ridge regression with fewer samples than units: W = X' (XX' + lambda I)^-1 Y (Saunders, Gammerman
 * and Vovk 1998).
 */
final class DualRidge {
  /** Units summed at a time, so that their copy in panels stays small. */
  private static final int CHUNK = 1024;

  private final Ridge ridge;
  private final int samples;
  private final int units;
  private final int targets;

  /** Unit after unit, so that XX' is a Gram matrix whose "samples" are the units. */
  private final double[] x;

  private final double[] y;
  private final double[] unitMeans;
  private final double[] targetMeans;

  DualRidge(Ridge ridge, Features x, Features y) {
    this.ridge = ridge;
    samples = x.samples();
    units = x.units();
    targets = y.units();
    this.x = byUnit(x);
    this.y = byUnit(y);
    unitMeans = centre(this.x, units);
    targetMeans = centre(this.y, targets);
  }

  private static double[] byUnit(Features from) {
    double[] to = new double[Math.multiplyExact(from.samples(), from.units())];
    double[] row = new double[from.units()];
    for (int s = 0; s < from.samples(); s++) {
      from.read(s, row, 0);
      for (int u = 0; u < row.length; u++) {
        to[u * from.samples() + s] = row[u];
      }
    }
    return to;
  }

  /** Subtracts the mean of each row, if there is to be a bias, and returns the means. */
  private double[] centre(double[] values, int rows) {
    double[] means = new double[rows];
    if (!ridge.bias() || samples == 0) {
      return means;
    }
    for (int u = 0; u < rows; u++) {
      double sum = 0;
      for (int s = 0; s < samples; s++) {
        sum += values[u * samples + s];
      }
      means[u] = sum / samples;
      for (int s = 0; s < samples; s++) {
        values[u * samples + s] -= means[u];
      }
    }
    return means;
  }

  Readout fit() {
    Tiles k = products();
    k.addToDiagonal(ridge.lambda());
    Cholesky factor = Cholesky.of(k);
    double[] weights = new double[Math.multiplyExact(units, targets)];
    double[] bias = targetMeans.clone();
    double[] a = new double[samples];
    for (int t = 0; t < targets; t++) {
      System.arraycopy(y, t * samples, a, 0, samples);
      factor.solve(a);
      for (int u = 0; u < units; u++) {
        double w = dotUnit(u, a);
        weights[u * targets + t] = w;
        bias[t] -= unitMeans[u] * w;
      }
    }
    return new Readout(units, targets, weights, bias);
  }

  private Tiles products() {
    Tiles k = new Tiles(samples);
    int count = Tiles.count(samples);
    for (int t = 0; t < count; t++) {
      k.put(t, k.zero(t));
    }
    // Here the units take the part of samples.
    Features rows = Features.bySample(x, /* samples= */ units, /* units= */ samples);
    for (int from = 0; from < units; from += CHUNK) {
      Panels panels = new Panels(rows.slice(from, Math.min(CHUNK, units - from)));
      for (int t = 0; t < count; t++) {
        int j = Tiles.column(t);
        panels.addProducts(k.tile(t), t - Tiles.index(0, j), j);
      }
    }
    return k;
  }

  private double dotUnit(int unit, double[] a) {
    double sum = 0;
    for (int s = 0; s < samples; s++) {
      sum += x[unit * samples + s] * a[s];
    }
    return sum;
  }
}

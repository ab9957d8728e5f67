package spindle.train.readout;

import java.util.Arrays;

/**
 * Recursive least squares, as FORCE learning uses it (Sussillo and Abbott 2009, equations 4 and 5):
 * for each sample h with targets y, k = P h, P -= k k' / (1 + h'k), W -= k (W'h - y)' / (1 + h'k),
 * starting from P = alpha I and W = 0.
 *
 * <p>P stays the inverse of X'X + I / alpha, so that after all samples W is the ridge solution with
 * lambda = 1 / alpha and no bias. Needs units^2 float64.
 */
public final class Rls {
  private final int units;
  private final double[][] p;
  private final double[][] weights;
  private final double[] k;

  /** k / sqrt(1 + h'k) of the last sample, whose square P still lacks: one pass does both. */
  private final double[] pending;

  private long samples;

  /**
   * @param alpha P at the start, per unit; positive and finite
   */
  public Rls(int units, int targets, double alpha) {
    if (units < 0 || targets < 0) {
      throw new IllegalArgumentException(
          "units and targets must be at least 0, got " + units + " and " + targets);
    }
    if (!(alpha > 0) || alpha == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("alpha must be positive and finite, got " + alpha);
    }
    this.units = units;
    p = new double[units][units];
    for (int u = 0; u < units; u++) {
      p[u][u] = alpha;
    }
    weights = new double[targets][units];
    k = new double[units];
    pending = new double[units];
  }

  /**
   * Learns samples in their order.
   *
   * @throws IllegalArgumentException if a size does not fit
   * @throws FitException if P loses its positive definiteness or is no longer finite
   */
  public void learn(Features x, Features y) {
    if (x.units() != units || y.units() != weights.length || x.samples() != y.samples()) {
      throw new IllegalArgumentException(
          "expected "
              + (x.samples() + " samples of " + units + " units and " + weights.length)
              + (" targets, got " + x.units() + " units and ")
              + (y.samples() + " samples of " + y.units() + " targets"));
    }
    double[] h = new double[units];
    double[] target = new double[weights.length];
    for (int s = 0; s < x.samples(); s++) {
      x.read(s, h, 0);
      y.read(s, target, 0);
      learn(h, target);
    }
  }

  /**
   * Learns one sample.
   *
   * @param h activity, one per unit
   * @param y targets
   * @throws FitException if P loses its positive definiteness or is no longer finite
   */
  public void learn(double[] h, double[] y) {
    multiply(h);
    double s = 1 + dot(h, k);
    // At least 1 but for rounding; when a half is gone, nothing of P can be trusted.
    if (!(s > 0.5) || s == Double.POSITIVE_INFINITY) {
      throw new FitException(
          "recursive least squares diverged at sample " + samples + ": 1 + h'Ph is " + s);
    }
    for (int t = 0; t < weights.length; t++) {
      double[] w = weights[t];
      subtract(w, (dot(w, h) - y[t]) / s, k);
    }
    double scale = 1 / Math.sqrt(s);
    for (int u = 0; u < units; u++) {
      pending[u] = k[u] * scale;
    }
    samples++;
  }

  /** P -= pending pending', then k = P h, in one pass over P; the symmetric form keeps P so. */
  private void multiply(double[] h) {
    Arrays.fill(k, 0);
    for (int u = 0; u < units; u++) {
      multiplyRow(p[u], pending[u], h[u]);
    }
  }

  private void multiplyRow(double[] row, double g, double activity) {
    for (int v = 0; v < row.length; v++) {
      double updated = row[v] - g * pending[v];
      row[v] = updated;
      k[v] += activity * updated;
    }
  }

  /** The scores of a sample as learnt so far, written to {@code scores}. */
  public void score(double[] h, double[] scores) {
    for (int t = 0; t < weights.length; t++) {
      scores[t] = dot(weights[t], h);
    }
  }

  /** What has been learnt so far. */
  public Readout readout() {
    int targets = weights.length;
    double[] w = new double[Math.multiplyExact(units, targets)];
    for (int t = 0; t < targets; t++) {
      for (int u = 0; u < units; u++) {
        w[u * targets + t] = weights[t][u];
      }
    }
    return new Readout(units, targets, w, new double[targets]);
  }

  /** Number of samples learnt. */
  public long samples() {
    return samples;
  }

  private static void subtract(double[] out, double factor, double[] a) {
    for (int u = 0; u < out.length; u++) {
      out[u] -= factor * a[u];
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

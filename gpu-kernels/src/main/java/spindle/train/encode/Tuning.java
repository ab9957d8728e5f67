package spindle.train.encode;

import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.train.Batch;

/**
 * A population of channels that prefer directions, evenly spaced from 0: rates that {@link Poisson}
 * turns into spikes (von Mises tuning; the working-memory task of BrainPy, arXiv 2311.05106, figure
 * 6).
 *
 * <pre>
 *   r_j = background + on peak e^(kappa (cos(angle - 2 pi j / channels) - 1))
 * </pre>
 *
 * @param channels number of channels
 * @param kappa sharpness
 * @param peakHz what the preferred direction adds [Hz]
 * @param backgroundHz rate without a stimulus [Hz]
 */
public record Tuning(int channels, double kappa, double peakHz, double backgroundHz) {
  public Tuning {
    if (channels < 1) {
      throw new IllegalArgumentException("channels must be at least 1, got " + channels);
    }
    if (!(kappa >= 0 && peakHz >= 0 && backgroundHz >= 0)
        || !Double.isFinite(kappa + peakHz + backgroundHz)) {
      throw new IllegalArgumentException(
          "kappa and rates must be at least 0, got "
              + (kappa + ", " + peakHz + " Hz, " + backgroundHz + " Hz"));
    }
  }

  /** 100 channels, kappa 2, 40 Hz over 1 Hz. */
  public Tuning() {
    this(100, 2, 40, 1);
  }

  /**
   * The rate of each channel [Hz], batch-innermost.
   *
   * @param angle direction per member [rad], at most 1e4
   * @param on per member or for all: 1 while the stimulus is there, else 0
   */
  public Expr rates(Batch batch, Expr angle, Expr on) {
    Expr preferred = batch.element(channels).as(angle.type().dtype()).times(2 * Math.PI / channels);
    Expr off = batch.spread(angle, channels).minus(preferred);
    Expr bell = off.apply(Op.COS).minus(1).times(kappa).exp().times(peakHz);
    Expr present = on.type().isScalar() ? on : batch.spread(on, channels);
    return bell.times(present).plus(backgroundHz);
  }
}

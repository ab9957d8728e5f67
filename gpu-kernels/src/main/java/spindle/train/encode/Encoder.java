package spindle.train.encode;

import spindle.ir.Expr;

/** Input of one step from intensities. */
public sealed interface Encoder permits Poisson, Latency, Direct {
  /**
   * What each element contributes at this step.
   *
   * @param x intensities, floats in [0, 1], batch-innermost
   * @return like {@code x}: spikes, 0 or 1, or a current
   */
  Expr input(Presentation at, Expr x);
}

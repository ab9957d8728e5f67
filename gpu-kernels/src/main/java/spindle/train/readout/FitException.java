package spindle.train.readout;

/**
 * What a readout learns from, or with, leads to no numbers that could be trusted: a matrix that is
 * singular to working precision, states that are not finite.
 */
public final class FitException extends ArithmeticException {
  private static final long serialVersionUID = 1;

  FitException(String message) {
    super(message);
  }
}

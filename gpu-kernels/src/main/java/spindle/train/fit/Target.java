package spindle.train.fit;

/**
 * What an observable shall be.
 *
 * @param value in the unit of the observable, not 0: distances are relative to it
 */
public record Target(Observable observable, double value) {
  public Target {
    if (!(value != 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          observable.name() + ": a target is a number other than 0, got " + value);
    }
  }
}

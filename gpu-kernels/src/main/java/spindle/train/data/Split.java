package spindle.train.data;

/** Images to learn from and images to be judged by. */
public record Split(Images train, Images test) {
  public Split {
    if (!shape(train).equals(shape(test))) {
      throw new IllegalArgumentException(
          "training and test images must agree, got " + shape(train) + " and " + shape(test));
    }
  }

  /**
   * The first images of each half.
   *
   * @throws IllegalArgumentException if a half has fewer
   */
  public Split first(int trainCount, int testCount) {
    return new Split(train.subset(0, trainCount), test.subset(0, testCount));
  }

  private static String shape(Images images) {
    return images.rows() + " x " + images.columns() + " in " + images.classes() + " classes";
  }
}

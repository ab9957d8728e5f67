package spindle.train.data;

import java.io.IOException;

/**
 * Handwritten digits, 8 x 8 pixels, bundled: 1,297 to learn from and 500 for the test.
 *
 * <p>Optical Recognition of Handwritten Digits, test part (Alpaydin and Kaynak 1998, UCI Machine
 * Learning Repository, CC BY 4.0). The split is by order, so that it never changes: the last 500
 * are the test.
 */
public final class Digits {
  /** Number of training images. */
  public static final int TRAIN = 1297;

  /** Number of test images. */
  public static final int TEST = 500;

  /** Rows and columns of an image. */
  public static final int ROWS = 8;

  private static final String IMAGES_SHA256 =
      "447949c7878eb1ad88c797b551f6fae0f246b507aaf348e278c41b4740a43510";
  private static final String LABELS_SHA256 =
      "22e1486adc7849d49bbac7f3e6227134ade1aea8cf5289c8dceeecd5a005d43c";

  private Digits() {}

  /**
   * Reads them.
   *
   * @throws IOException if the jar is damaged
   */
  public static Split read() throws IOException {
    Images all =
        Idx.read(
            new Source.Resource(Digits.class, "digits-images-idx3-ubyte.gz").checked(IMAGES_SHA256),
            new Source.Resource(Digits.class, "digits-labels-idx1-ubyte.gz").checked(LABELS_SHA256),
            10);
    return new Split(all.subset(0, TRAIN), all.subset(TRAIN, TEST));
  }
}

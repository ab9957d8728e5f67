package spindle.train.data;

import java.util.Arrays;

/**
 * Grey images with a class each.
 *
 * @param rows height of an image [pixels]
 * @param columns width of an image [pixels]
 * @param classes number of classes, in [1, 256]
 * @param pixels 0 to 255, unsigned: image by image, row by row
 * @param labels class of each image in [0, classes), unsigned
 */
public record Images(int rows, int columns, int classes, byte[] pixels, byte[] labels) {
  public Images {
    if (rows < 1 || columns < 1) {
      throw new IllegalArgumentException(
          "images need at least 1 x 1 pixels, got " + rows + " x " + columns);
    }
    if (classes < 1 || classes > 256) {
      throw new IllegalArgumentException("classes must be in [1, 256], got " + classes);
    }
    long needed = (long) rows * columns * labels.length;
    if (pixels.length != needed) {
      throw new IllegalArgumentException(
          labels.length
              + " labels of "
              + (rows + " x " + columns + " images need " + needed + " pixels, got ")
              + pixels.length);
    }
    for (int i = 0; i < labels.length; i++) {
      if ((labels[i] & 0xff) >= classes) {
        throw new IllegalArgumentException(
            "label " + i + " must be in [0, " + classes + "), got " + (labels[i] & 0xff));
      }
    }
  }

  /** Number of images. */
  public int count() {
    return labels.length;
  }

  /** Pixel of an image, in [0, 255]. */
  public int pixel(int image, int row, int column) {
    return pixels[(image * rows + row) * columns + column] & 0xff;
  }

  /** Class of an image. */
  public int label(int image) {
    return labels[image] & 0xff;
  }

  /**
   * Images from {@code from} on.
   *
   * @throws IllegalArgumentException if there are fewer than {@code from + count}
   */
  public Images subset(int from, int count) {
    if (from < 0 || count < 0 || (long) from + count > count()) {
      throw new IllegalArgumentException(
          "cannot take " + count + " images from " + from + " on: there are " + count());
    }
    int size = rows * columns;
    byte[] part = Arrays.copyOfRange(pixels, from * size, (from + count) * size);
    return new Images(rows, columns, classes, part, Arrays.copyOfRange(labels, from, from + count));
  }
}

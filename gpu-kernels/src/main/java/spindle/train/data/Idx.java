package spindle.train.data;

import java.io.IOException;

/**
 * IDX files as MNIST and Fashion-MNIST are published: big-endian header of magic number and sizes,
 * then one unsigned byte per pixel or label; plain or packed by gzip, which the content tells.
 *
 * <p>Layout: LeCun, Cortes and Burges, "The MNIST database of handwritten digits".
 */
public final class Idx {
  private static final int IMAGES = 0x00000803;
  private static final int LABELS = 0x00000801;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  private Idx() {}

  /**
   * Reads images and their labels.
   *
   * @param classes labels must be below
   * @throws BadFileException if a file is not IDX, cut short or too long, or the two disagree; the
   *     message says file, byte, value and what to do
   * @throws IOException if a file cannot be read
   */
  public static Images read(Source images, Source labels, int classes) throws IOException {
    if (classes < 1 || classes > 256) {
      throw new IllegalArgumentException("classes must be in [1, 256], got " + classes);
    }
    int[] size = new int[3];
    byte[] pixels;
    try (IdxReader in = new IdxReader(images)) {
      pixels = in.readToEnd(header(in, IMAGES, size));
    }
    byte[] marks = labels(labels, size[0], images.name());
    checkLabels(labels, marks, classes);
    return new Images(size[1], size[2], classes, pixels, marks);
  }

  /**
   * Reads both files to their ends as {@link #read} does, with the same errors, and keeps nothing
   * but what it found.
   */
  public static IdxFacts inspect(Source images, Source labels, int classes) throws IOException {
    var pictures = new Digested(images);
    var marks = new Digested(labels);
    int[] size = new int[3];
    try (IdxReader in = new IdxReader(pictures)) {
      in.skipToEnd(header(in, IMAGES, size));
    }
    checkLabels(labels, labels(marks, size[0], images.name()), classes);
    return new IdxFacts(size[0], size[1], size[2], pictures.sha256(), marks.sha256());
  }

  private static byte[] labels(Source source, int images, String imagesName) throws IOException {
    try (IdxReader in = new IdxReader(source)) {
      int[] size = new int[1];
      byte[] marks = in.readToEnd(header(in, LABELS, size));
      if (size[0] != images) {
        throw in.bad(
            4,
            size[0]
                + " labels, but "
                + imagesName
                + " has "
                + images
                + " images; take both files from one set");
      }
      return marks;
    }
  }

  /** Fills {@code size} from the header of a file; returns how many bytes are to follow. */
  private static int header(IdxReader in, int magic, int[] size) throws IOException {
    checkMagic(in, magic);
    long bytes = 1;
    for (int d = 0; d < size.length; d++) {
      size[d] = in.readInt();
      int least = d == 0 ? 0 : 1;
      if (size[d] < least) {
        throw in.bad(
            in.position() - 4,
            "size "
                + d
                + " must be at least "
                + least
                + ", got "
                + size[d]
                + "; is this the file?");
      }
      // The last product is below 2^31 * 2^31.
      bytes *= size[d];
      if (bytes > MAX_BYTES) {
        throw in.bad(
            in.position() - 4,
            "more than " + MAX_BYTES + " bytes announced by size " + size[d] + "; split the file");
      }
    }
    return (int) bytes;
  }

  private static void checkMagic(IdxReader in, int magic) throws IOException {
    int found = in.readInt();
    if (found == magic) {
      return;
    }
    String hint =
        found == IMAGES || found == LABELS
            ? "; images and labels are exchanged"
            : "; give an IDX file, plain or gzip";
    throw in.bad(0, "magic number " + hex(found) + ", expected " + hex(magic) + hint);
  }

  private static void checkLabels(Source source, byte[] labels, int classes)
      throws BadFileException {
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label >= classes) {
        throw new BadFileException(
            source.name()
                + ": at byte "
                + (8 + i)
                + ": label "
                + label
                + " of image "
                + i
                + (" must be in [0, " + classes + "); is this the file of a set with " + classes)
                + " classes?");
      }
    }
  }

  private static String hex(int magic) {
    return magic == IMAGES
        ? "0x00000803 (images)"
        : magic == LABELS ? "0x00000801 (labels)" : String.format("0x%08x", magic);
  }
}

package spindle.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import spindle.train.data.Digits;
import spindle.train.data.Idx;
import spindle.train.data.Images;
import spindle.train.data.Source;
import spindle.train.data.Sources;
import spindle.train.data.Split;

/** The images that a trial learns from, as its settings name them. */
final class ImageSet {
  private static final int CLASSES = 10;
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  /** Read once per JVM: a sweep has many trials on the same images. */
  private static final ConcurrentHashMap<String, SoftReference<Split>> READ =
      new ConcurrentHashMap<>();

  /** Whether folders have their files, asked once per JVM. */
  private static final ConcurrentHashMap<String, String> TRIED = new ConcurrentHashMap<>();

  private ImageSet() {}

  static List<Parameter> parameters() {
    return List.of(
        Parameter.choice(
            "data.set",
            List.of("digits", "idx"),
            "digits: bundled, 8 x 8; idx: the four files of MNIST or Fashion-MNIST in data.dir"),
        Parameter.text("data.dir", "", "folder of the IDX files, plain or gzip: a path or URI"),
        Parameter.text(
            "data.sha256",
            "",
            "checksums of the four files as stored: images and labels of training, then of test,"
                + " separated by commas"),
        Parameter.count("data.train", 0, 0, 1 << 30, "training images, the first; 0: all"),
        Parameter.count("data.test", 0, 0, 1 << 30, "test images, the first; 0: all"));
  }

  /** Number of training images, as far as the settings tell. */
  static long trainCount(Settings s) {
    long wish = s.count("data.train");
    return wish > 0 ? wish : isDigits(s) ? Digits.TRAIN : 60_000;
  }

  /** Number of test images, as far as the settings tell. */
  static long testCount(Settings s) {
    long wish = s.count("data.test");
    return wish > 0 ? wish : isDigits(s) ? Digits.TEST : 10_000;
  }

  /** Rows and columns of an image. */
  static int rows(Settings s) {
    return isDigits(s) ? Digits.ROWS : 28;
  }

  private static boolean isDigits(Settings s) {
    return s.word("data.set").equals("digits");
  }

  /** What in the settings cannot be read. */
  static List<Conflict> check(Settings s) {
    var conflicts = new ArrayList<Conflict>();
    if (isDigits(s)) {
      limit(conflicts, s, "data.train", Digits.TRAIN);
      limit(conflicts, s, "data.test", Digits.TEST);
    } else if (s.word("data.dir").isEmpty()) {
      conflicts.add(
          new Conflict(
              List.of("data.set", "data.dir"),
              "data.set idx needs data.dir, the folder of its four files"));
    } else {
      String trouble =
          TRIED.computeIfAbsent(s.word("data.dir") + "|" + s.word("data.sha256"), k -> tried(s));
      if (!trouble.isEmpty()) {
        conflicts.add(new Conflict(List.of("data.dir", "data.sha256"), trouble));
      }
    }
    return conflicts;
  }

  private static void limit(List<Conflict> conflicts, Settings s, String name, int most) {
    if (s.count(name) > most) {
      conflicts.add(
          new Conflict(
              List.of(name),
              name + " is " + s.count(name) + ", but there are " + most + " images"));
    }
  }

  /** Why the files cannot be opened, or nothing; their content is looked at when a trial runs. */
  private static String tried(Settings s) {
    try {
      files(s.word("data.dir"), s.word("data.sha256"));
      return "";
    } catch (IOException | IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /**
   * @throws IllegalArgumentException if the settings name no readable set; the message is for users
   */
  static Split read(Settings s) {
    try {
      Split all = isDigits(s) ? Digits.read() : idx(s);
      return all.first(count(s, "data.train", all.train()), count(s, "data.test", all.test()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static int count(Settings s, String name, Images images) {
    long wish = s.count(name);
    if (wish > images.count()) {
      throw new IllegalArgumentException(
          name + " is " + wish + ", but there are " + images.count() + " images");
    }
    return wish == 0 ? images.count() : (int) wish;
  }

  private static Split idx(Settings s) throws IOException {
    String folder = s.word("data.dir");
    String key = folder + "|" + s.word("data.sha256");
    SoftReference<Split> known = READ.get(key);
    Split split = known == null ? null : known.get();
    if (split == null) {
      List<Source> files = files(folder, s.word("data.sha256"));
      split =
          new Split(
              Idx.read(files.get(0), files.get(1), CLASSES),
              Idx.read(files.get(2), files.get(3), CLASSES));
      READ.put(key, new SoftReference<>(split));
    }
    return split;
  }

  private static List<Source> files(String folder, String checksums) throws IOException {
    String[] sums = checksums.isEmpty() ? new String[0] : checksums.split("\\s*,\\s*");
    if (sums.length != 0 && sums.length != FILES.size()) {
      throw new IllegalArgumentException(
          "data.sha256 needs " + FILES.size() + " checksums, got " + sums.length);
    }
    var files = new ArrayList<Source>();
    for (int f = 0; f < FILES.size(); f++) {
      Source file = Sources.in(folder, FILES.get(f));
      files.add(sums.length == 0 ? file : file.checked(sums[f]));
    }
    return files;
  }
}

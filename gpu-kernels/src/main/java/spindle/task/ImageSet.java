package spindle.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import spindle.train.data.Digits;
import spindle.train.data.Idx;
import spindle.train.data.IdxFacts;
import spindle.train.data.Images;
import spindle.train.data.Source;
import spindle.train.data.Sources;
import spindle.train.data.Split;

/**
 * The images that a trial learns from, as its settings name them. Files are named by place and by
 * checksum: {@link #pin} finds the checksums, so that other images in the same place are other
 * trials.
 */
final class ImageSet {
  /** Parameters that say which files are read. */
  static final List<String> OUTSIDE = List.of("data.set", "data.dir", "data.sha256");

  private static final int CLASSES = 10;
  private static final List<String> FILES =
      List.of(
          "train-images-idx3-ubyte",
          "train-labels-idx1-ubyte",
          "t10k-images-idx3-ubyte",
          "t10k-labels-idx1-ubyte");

  /** Read once per JVM, by checksums: a sweep has many trials on the same images. */
  private static final ConcurrentHashMap<String, SoftReference<Split>> READ =
      new ConcurrentHashMap<>();

  /** What files hold, by checksums. */
  private static final ConcurrentHashMap<String, Found> FOUND = new ConcurrentHashMap<>();

  /** What the files of a set hold. */
  private record Found(IdxFacts train, IdxFacts test) {
    String checksums() {
      return String.join(
          ",",
          train.imagesSha256(),
          train.labelsSha256(),
          test.imagesSha256(),
          test.labelsSha256());
    }
  }

  private ImageSet() {}

  static List<Parameter> parameters() {
    return List.of(
        Parameter.choice(
            "data.set",
            List.of("digits", "idx"),
            "digits: bundled, 8 x 8; idx: the four files of MNIST or Fashion-MNIST in data.dir"),
        Parameter.text("data.dir", "", "folder of the IDX files, plain or gzip: a path or URI")
            .usedWhen("data.set", "idx"),
        Parameter.text(
                "data.sha256",
                "",
                "checksums of the four files as stored: images and labels of training, then of"
                    + " test, separated by commas; empty: those that a plan finds")
            .usedWhen("data.set", "idx"),
        Parameter.count("data.train", 0, 0, 1 << 30, "training images, the first; 0: all"),
        Parameter.count("data.test", 0, 0, 1 << 30, "test images, the first; 0: all"));
  }

  /** Number of training images, as far as the settings tell. */
  static long trainCount(Settings s) {
    Found found = found(s);
    return count(s, "data.train", Digits.TRAIN, found == null ? 60_000 : found.train.count());
  }

  /** Number of test images, as far as the settings tell. */
  static long testCount(Settings s) {
    Found found = found(s);
    return count(s, "data.test", Digits.TEST, found == null ? 10_000 : found.test.count());
  }

  private static long count(Settings s, String name, int digits, int files) {
    long wish = s.count(name);
    return wish > 0 ? wish : isDigits(s) ? digits : files;
  }

  /** Rows and columns of an image. */
  static int rows(Settings s) {
    Found found = found(s);
    return isDigits(s) ? Digits.ROWS : found == null ? 28 : found.train.rows();
  }

  private static boolean isDigits(Settings s) {
    return s.word("data.set").equals("digits");
  }

  /** What the files hold, null where {@link #pin} has not seen them in this JVM. */
  private static Found found(Settings s) {
    return isDigits(s) ? null : FOUND.get(s.word("data.sha256"));
  }

  /** What in the settings cannot be read; opens no file. */
  static List<Conflict> check(Settings s) {
    var conflicts = new ArrayList<Conflict>();
    Found found = found(s);
    if (isDigits(s) || found != null) {
      limit(conflicts, s, "data.train", found == null ? Digits.TRAIN : found.train.count());
      limit(conflicts, s, "data.test", found == null ? Digits.TEST : found.test.count());
    } else if (s.word("data.dir").isEmpty()) {
      conflicts.add(
          new Conflict(
              List.of("data.set", "data.dir"),
              "data.set idx needs data.dir, the folder of its four files"));
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

  /** Reads all files and finds their checksums, which are compared with those that are given. */
  static Pinned pin(Settings s) {
    if (isDigits(s) || s.word("data.dir").isEmpty()) {
      return Pinned.NOTHING;
    }
    List<Source.Checked> expected;
    List<Source> files;
    try {
      files = files(s.word("data.dir"));
    } catch (IOException | IllegalArgumentException e) {
      return refused(e, "data.dir");
    }
    try {
      expected = checked(files, checksums(s));
    } catch (IllegalArgumentException e) {
      return refused(e, "data.sha256");
    }
    try {
      Found found = inspect(files);
      List<String> sums = List.of(found.checksums().split(","));
      for (int f = 0; f < expected.size(); f++) {
        expected.get(f).demand(sums.get(f));
      }
      FOUND.put(found.checksums(), found);
      return new Pinned(Map.of("data.sha256", new Value.Word(found.checksums())), List.of());
    } catch (IOException | IllegalArgumentException e) {
      return refused(e, "data.dir", "data.sha256");
    }
  }

  private static Pinned refused(Exception e, String... keys) {
    return new Pinned(Map.of(), List.of(new Conflict(List.of(keys), e.getMessage())));
  }

  private static List<Source.Checked> checked(List<Source> files, List<String> sums) {
    var checked = new ArrayList<Source.Checked>();
    for (int f = 0; f < sums.size(); f++) {
      checked.add(files.get(f).checked(sums.get(f)));
    }
    return checked;
  }

  private static Found inspect(List<Source> files) throws IOException {
    var found =
        new Found(
            Idx.inspect(files.get(0), files.get(1), CLASSES),
            Idx.inspect(files.get(2), files.get(3), CLASSES));
    demandImages(files.get(0), found.train);
    demandImages(files.get(2), found.test);
    if (found.train.rows() != found.test.rows() || found.train.columns() != found.test.columns()) {
      throw new IllegalArgumentException(
          "%s: at byte 8: %d x %d pixels, but %s has %d x %d; take all files from one set"
              .formatted(
                  files.get(2).name(),
                  found.test.rows(),
                  found.test.columns(),
                  files.get(0).name(),
                  found.train.rows(),
                  found.train.columns()));
    }
    return found;
  }

  private static void demandImages(Source file, IdxFacts facts) {
    if (facts.count() == 0) {
      throw new IllegalArgumentException(
          file.name() + ": at byte 4: 0 images, at least 1 is needed; is this the file?");
    }
  }

  /**
   * Settings whose files are named by content.
   *
   * @throws IllegalArgumentException if they cannot be read; the message is for users
   */
  static Settings pinned(Settings s) {
    if (isDigits(s) || !s.word("data.sha256").isEmpty()) {
      return s;
    }
    Pinned pinned = pin(s);
    Conflict.refuse(pinned.conflicts());
    return s.with(pinned.values());
  }

  /**
   * @param s as {@link #pinned} gives them
   * @throws IllegalArgumentException if the settings name no readable set; the message is for users
   */
  static Split read(Settings s) {
    try {
      Split all = isDigits(s) ? Digits.read() : idx(s);
      return all.first(wished(s, "data.train", all.train()), wished(s, "data.test", all.test()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static int wished(Settings s, String name, Images images) {
    long wish = s.count(name);
    if (wish > images.count()) {
      throw new IllegalArgumentException(
          name + " is " + wish + ", but there are " + images.count() + " images");
    }
    return wish == 0 ? images.count() : (int) wish;
  }

  private static Split idx(Settings s) throws IOException {
    List<String> sums = checksums(s);
    String key = String.join(",", sums);
    SoftReference<Split> known = READ.get(key);
    Split split = known == null ? null : known.get();
    if (split == null) {
      List<Source> files = files(s.word("data.dir"));
      split =
          new Split(
              Idx.read(
                  files.get(0).checked(sums.get(0)), files.get(1).checked(sums.get(1)), CLASSES),
              Idx.read(
                  files.get(2).checked(sums.get(2)), files.get(3).checked(sums.get(3)), CLASSES));
      READ.put(key, new SoftReference<>(split));
    }
    return split;
  }

  /** As given, none or one per file. */
  private static List<String> checksums(Settings s) {
    String text = s.word("data.sha256").strip();
    List<String> sums = text.isEmpty() ? List.of() : List.of(text.split("\\s*,\\s*"));
    if (!sums.isEmpty() && sums.size() != FILES.size()) {
      throw new IllegalArgumentException(
          "data.sha256 needs " + FILES.size() + " checksums, got " + sums.size());
    }
    return sums;
  }

  private static List<Source> files(String folder) throws IOException {
    var files = new ArrayList<Source>();
    for (String name : FILES) {
      files.add(Sources.in(folder, name));
    }
    return files;
  }
}

package spindle.backend.cuda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * The folder of this process for native libraries. JCuda would put them under a fixed name into
 * {@code java.io.tmpdir}, where another process may just be writing the same file.
 */
final class Natives {
  private static final String TEMPORARY = "java.io.tmpdir";

  private Natives() {}

  /** Does something that makes JCuda load a library. */
  static synchronized <T> T loading(Supplier<T> work) {
    String before = System.getProperty(TEMPORARY);
    System.setProperty(TEMPORARY, Folder.PATH.toString());
    try {
      return work.get();
    } finally {
      System.setProperty(TEMPORARY, before);
    }
  }

  private static final class Folder {
    static final Path PATH = create();

    private static Path create() {
      try {
        Path folder = Files.createTempDirectory("spindle-natives-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "natives"));
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unpack native libraries: " + e, e);
      }
    }

    /** A mapped library stays mapped; nobody opens the file again. */
    private static void delete(Path folder) {
      try (var files = Files.walk(folder)) {
        List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : all) {
          Files.deleteIfExists(file);
        }
      } catch (IOException e) {
        System.err.println("cannot delete " + folder + ": " + e.getMessage());
      }
    }
  }
}

package spindle.backend.cuda;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
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

  /** A folder that its process has locked while it lives; those of processes that are gone go. */
  private static final class Folder {
    private static final String PREFIX = "spindle-natives-";
    private static final String LOCK = "lock";

    static final Path PATH = create(Path.of(System.getProperty(TEMPORARY)));

    /** Open, and so locked, until the process ends in whatever way. */
    private static FileChannel own;

    private static Path create(Path parent) {
      try {
        sweep(parent);
        Path folder = Files.createTempDirectory(parent, PREFIX);
        own = FileChannel.open(folder.resolve(LOCK), CREATE_NEW, WRITE);
        own.lock();
        if (Files.notExists(folder)) {
          return create(parent); // another process was quicker, and swept it away
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(folder), "natives"));
        return folder;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot unpack native libraries: " + e, e);
      }
    }

    private static void sweep(Path parent) throws IOException {
      try (var folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
        folders.forEach(Folder::deleteIfLeft);
      }
    }

    private static void deleteIfLeft(Path folder) {
      try (var channel = FileChannel.open(folder.resolve(LOCK), WRITE);
          var lock = channel.tryLock()) {
        if (lock != null) {
          delete(folder);
        }
      } catch (IOException | OverlappingFileLockException e) {
        // Somebody else's, or being made.
      }
    }

    private static void leave(Path folder) {
      try {
        delete(folder);
      } catch (IOException e) {
        System.err.println("cannot delete " + folder + ": " + e.getMessage());
      }
    }

    /** A mapped library stays mapped; nobody opens the file again. */
    private static void delete(Path folder) throws IOException {
      try (var files = Files.walk(folder)) {
        List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
        for (Path file : all) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}

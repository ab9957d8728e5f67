package spindle.result;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;

/**
 * One publisher of a sweep at a time: a driver that ends and a {@code report} that looks in between
 * take turns. Between processes a lock on a file does it, which ends with its process.
 */
final class PublicationLock {
  private PublicationLock() {}

  /** What is done alone. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws IOException;
  }

  static synchronized <T> T alone(Layout layout, Work<T> work) throws IOException {
    Files.createDirectories(layout.published());
    try (var file = FileChannel.open(layout.published().resolve("LOCK"), CREATE, WRITE)) {
      file.lock(); // until the file is closed
      return work.run();
    }
  }
}

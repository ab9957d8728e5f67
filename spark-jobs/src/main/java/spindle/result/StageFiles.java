package spindle.result;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import spindle.ir.Sha256;
import spindle.task.Workspace;

/**
 * What trials of a sweep share, one file per key beside the tables. Whoever is first writes; equal
 * keys have equal contents, so it does not matter who that is.
 */
public final class StageFiles implements Workspace {
  private final Path folder;

  /** The files of a sweep. */
  public StageFiles(Layout layout) {
    this.folder = layout.stages();
  }

  private Path file(String key) {
    return folder.resolve(Sha256.hex(key));
  }

  @Override
  public Optional<InputStream> open(String key) throws IOException {
    Path file = file(key);
    return Files.exists(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
  }

  @Override
  public void save(String key, Content content) throws IOException {
    Path file = file(key);
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(folder);
    Path mine = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      try (OutputStream out = Files.newOutputStream(mine)) {
        content.write(out);
      }
      Files.move(mine, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(mine);
    }
  }

  /** Deletes all of them. */
  public void clear() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  @Override
  public void drop(String key) throws IOException {
    Files.deleteIfExists(file(key));
  }
}

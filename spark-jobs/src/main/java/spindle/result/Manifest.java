package spindle.result;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The file list of one published version.
 *
 * @param version from 1
 * @param planId plan that the aggregates are over
 * @param commits SHA-256 over the names of the commit records that were published
 * @param publishedAt ISO instant
 * @param tables per table folder its files, relative to the sweep's folder
 */
public record Manifest(
    int version,
    String planId,
    String commits,
    String publishedAt,
    Map<String, List<CommitRecord.StoredFile>> tables) {
  public Manifest {
    tables = Map.copyOf(tables);
  }

  /** The newest version of a sweep; empty if none is published. */
  public static Optional<Manifest> newest(Layout layout) throws IOException {
    int version = 0;
    if (Files.isDirectory(layout.published())) {
      try (var listing = Files.newDirectoryStream(layout.published(), "[0-9]*.json")) {
        for (var file : listing) {
          String name = file.getFileName().toString();
          version = Math.max(version, Integer.parseInt(name.substring(0, name.indexOf('.'))));
        }
      }
    }
    return version == 0
        ? Optional.empty()
        : Optional.of(Json.read(layout.manifest(version), Manifest.class));
  }
}

package spindle.result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;

/**
 * Puts the newest published version where readers look.
 *
 * <p>A version is complete in {@code _published/v=N} and listed in {@code _published/N.json} before
 * any table moves. Then, table by table, the old folder is renamed out and the new one in. Files
 * carry the version in their names. So a reader sees the old table or the new one, never a mixture
 * and never a part: within the few microseconds between two renames, or if it listed files that
 * moved since, it gets "not found" and may try again. The version before stays below {@code
 * _published} until the next one comes. A crash in between is mended by the next run.
 */
final class Swap {
  private final Layout layout;

  Swap(Layout layout) {
    this.layout = layout;
  }

  /** Brings every table of the newest version in place; does nothing where it is already. */
  void finish() throws IOException {
    var newest = Manifest.newest(layout);
    if (newest.isEmpty()) {
      return;
    }
    int version = newest.get().version();
    for (Table table : Table.values()) {
      Path fresh = layout.version(version).resolve(table.folder());
      if (Files.isDirectory(fresh)) {
        swap(table, fresh, layout.version(version - 1).resolve(table.folder()));
      }
    }
    removeEmpty();
    for (int old = version - 2; old > 0 && Files.exists(layout.version(old)); old--) {
      delete(layout.version(old));
      Files.deleteIfExists(layout.manifest(old));
    }
  }

  /** A version whose tables all moved in place leaves an empty folder behind. */
  private void removeEmpty() throws IOException {
    try (var versions = Files.newDirectoryStream(layout.published(), "v=*")) {
      for (Path folder : versions) {
        if (isEmpty(folder)) {
          Files.delete(folder);
        }
      }
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      return !files.iterator().hasNext();
    }
  }

  private void swap(Table table, Path fresh, Path aside) throws IOException {
    Path place = layout.table(table);
    if (Files.exists(place)) {
      Files.createDirectories(aside.getParent());
      delete(aside);
      Files.move(place, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
  }

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

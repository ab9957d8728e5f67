package spindle.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import spindle.result.Layout;
import spindle.result.Root;
import spindle.result.StorageException;

/** Understands ROOT/SWEEP. */
final class Place {
  private Place() {}

  /** The layout at a folder that a sweep has written to. */
  static Layout of(String folder) {
    Path sweep = Root.path(folder);
    if (!Files.isDirectory(sweep.resolve("_runs"))) {
      throw new StorageException(
          "%s holds no sweep: give the folder ROOT/SWEEP that \"run\" printed".formatted(sweep));
    }
    return new Layout(sweep.toString());
  }

  /** The layout at a folder with published tables. */
  static Layout published(String folder) {
    Layout layout = of(folder);
    if (!Files.isDirectory(layout.published())) {
      throw new StorageException(
          "%s has no published tables yet; \"spindle status %s\" tells what runs"
              .formatted(layout.sweep(), layout.sweep()));
    }
    return layout;
  }
}

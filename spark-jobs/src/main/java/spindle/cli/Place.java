package spindle.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import spindle.result.Layout;
import spindle.result.Publisher;
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

  /** The layout at such a folder, after everything committed so far is published. */
  static Layout published(String folder, SparkSession spark) throws IOException {
    Layout layout = of(folder);
    new Publisher(spark, layout, table -> {}).catchUp();
    return layout;
  }
}

package spindle.job;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.package$;
import spindle.result.Digests;
import spindle.result.EngineVersion;
import spindle.result.RunRecord;
import spindle.task.Task;

/** Finds out what code runs where, for the record; what cannot be found out is left empty. */
final class Origins {
  private Origins() {}

  /**
   * What a run with this sweep file comes from.
   *
   * @param config the sweep file, empty if there is none
   */
  static RunRecord.Origin find(Optional<Path> config) {
    String commit = config.map(c -> git(c, "rev-parse", "HEAD").strip()).orElse("");
    String diff = commit.isEmpty() ? "" : git(config.get(), "diff", "HEAD");
    return new RunRecord.Origin(
        commit,
        !commit.isEmpty() && (!diff.isEmpty() || !tracked(config.get())),
        diff.isEmpty() ? "" : Digests.text(diff),
        jar(),
        EngineVersion.current(),
        EngineVersion.commit(),
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"),
        package$.MODULE$.SPARK_VERSION(),
        System.getProperty("user.name", ""),
        Optional.ofNullable(System.getenv("AIRFLOW_CTX_DAG_RUN_ID")).orElse(""));
  }

  private static boolean tracked(Path config) {
    return !git(config, "ls-files", "--", config.getFileName().toString()).isEmpty();
  }

  /** SHA-256 of the jar with the simulator. */
  private static String jar() {
    try {
      var source = Task.class.getProtectionDomain().getCodeSource();
      Path place = Path.of(source.getLocation().toURI());
      return Files.isRegularFile(place) ? Digests.file(place) : "";
    } catch (IOException | RuntimeException | URISyntaxException e) {
      return "";
    }
  }

  /** What git says in the folder of a file, empty if it does not know the folder. */
  private static String git(Path file, String... arguments) {
    try {
      var command = new ArrayList<>(List.of("git"));
      command.addAll(List.of(arguments));
      Process git =
          new ProcessBuilder(command)
              .directory(file.toAbsolutePath().getParent().toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(new File("/dev/null"))
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor(5, TimeUnit.SECONDS) && git.exitValue() == 0 ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}

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

  static RunRecord.Origin find() {
    String commit = git("rev-parse", "HEAD").strip();
    String diff = commit.isEmpty() ? "" : git("diff", "HEAD");
    return new RunRecord.Origin(
        commit,
        !diff.isEmpty(),
        diff.isEmpty() ? "" : Digests.text(diff),
        jar(),
        EngineVersion.current(),
        System.getProperty("java.vendor") + " " + System.getProperty("java.runtime.version"),
        package$.MODULE$.SPARK_VERSION(),
        System.getProperty("user.name", ""),
        Optional.ofNullable(System.getenv("AIRFLOW_CTX_DAG_RUN_ID")).orElse(""));
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

  private static String git(String... arguments) {
    try {
      var command = new ArrayList<>(List.of("git"));
      command.addAll(List.of(arguments));
      Process git =
          new ProcessBuilder(command)
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

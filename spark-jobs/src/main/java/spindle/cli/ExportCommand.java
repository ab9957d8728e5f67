package spindle.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spindle.job.Sessions;
import spindle.result.CsvExport;
import spindle.result.Layout;
import spindle.sweep.ExitCode;

/** {@code spindle export}: the published tables as CSV. */
@Command(
    mixinStandardHelpOptions = true,
    name = "export",
    description =
        "Write each table, with all that is committed, as a CSV file; lists and maps as JSON.")
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ROOT/SWEEP", description = "Folder of the sweep.")
  private String folder = "";

  @Option(
      names = "--csv",
      paramLabel = "DIR",
      defaultValue = "",
      description = "Where to write; default: _csv below the folder of the sweep.")
  private String csv = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    var out = spec.commandLine().getOut();
    return Ending.of(
        spec.commandLine().getErr(),
        () -> {
          Place.of(folder); // before Spark takes its seconds
          SparkSession spark = Sessions.start("");
          Layout layout = Place.published(folder, spark);
          Path target = csv.isEmpty() ? layout.sweep().resolve("_csv") : Path.of(csv);
          new CsvExport(spark, layout).write(target).forEach(out::println);
          out.flush();
          return ExitCode.OK;
        });
  }
}

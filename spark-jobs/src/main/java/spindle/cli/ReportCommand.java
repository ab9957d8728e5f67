package spindle.cli;

import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spindle.job.ReportWriter;
import spindle.job.Sessions;
import spindle.result.Layout;
import spindle.sweep.ExitCode;

/** {@code spindle report}: writes the report over what is committed, also while the sweep runs. */
@Command(
    mixinStandardHelpOptions = true,
    name = "report",
    description = "Write the report over all that is committed, also while the sweep runs.")
final class ReportCommand implements Callable<Integer> {
  private final ReportWriter report;

  @Parameters(paramLabel = "ROOT/SWEEP", description = "Folder of the sweep.")
  private String folder = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  /** A command that writes reports by this. */
  ReportCommand(ReportWriter report) {
    this.report = report;
  }

  @Override
  public Integer call() {
    return Ending.of(
        spec.commandLine().getErr(),
        () -> {
          Place.of(folder); // before Spark takes its seconds
          SparkSession spark = Sessions.start("");
          Layout layout = Place.published(folder, spark);
          spec.commandLine().getOut().println("report: " + report.write(spark, layout.sweep()));
          spec.commandLine().getOut().flush();
          return ExitCode.OK;
        });
  }
}

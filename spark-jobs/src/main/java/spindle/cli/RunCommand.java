package spindle.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spindle.job.ReportWriter;
import spindle.job.Retry;
import spindle.job.RunOptions;
import spindle.job.Sessions;
import spindle.job.SweepRun;
import spindle.sweep.Plan;

/** {@code spindle run}: runs or resumes a sweep. */
@Command(
    name = "run",
    description = "Run a sweep, or resume it: what is committed is never computed again.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:every trial is ok",
      " 2:configuration or place for results is wrong; nothing was simulated",
      " 3:finished, some trials failed",
      " 4:aborted by the failure policy of the sweep",
      " 5:another driver runs this sweep"
    })
public final class RunCommand implements Callable<Integer> {
  private final PlanReader plans;
  private final ReportWriter report;

  @Parameters(paramLabel = "CONFIG", description = "The sweep file.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Override a value of the sweep file; may be given several times.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "",
      description = "Folder for results instead of the one the sweep file names.")
  private String root;

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "",
      description = "Spark master; default: what spark-submit says, else local[*].")
  private String master;

  @Option(
      names = "--retry",
      paramLabel = "failed|all",
      defaultValue = "none",
      description = "Run committed trials again: the failed ones, or all that are not ok.")
  private String retry;

  @Option(
      names = "--takeover",
      description = "Take the sweep from a driver that still holds it; that one then stops.")
  private boolean takeover;

  @Spec private CommandSpec spec;

  /** A command that reads plans and writes reports by these. */
  public RunCommand(PlanReader plans, ReportWriter report) {
    this.plans = plans;
    this.report = report;
  }

  @Override
  public Integer call() {
    Retry again = retry();
    Plan plan = plans.read(config, overrides);
    var options = new RunOptions(root, again, takeover, command());
    return Ending.of(
        spec.commandLine().getErr(),
        () -> new SweepRun(plan, options, () -> Sessions.start(master), report).run());
  }

  private Retry retry() {
    return switch (retry.toLowerCase(Locale.ROOT)) {
      case "none" -> Retry.NONE;
      case "failed" -> Retry.FAILED;
      case "all" -> Retry.ALL;
      default ->
          throw new picocli.CommandLine.ParameterException(
              spec.commandLine(), "--retry: expected failed or all, got \"" + retry + "\"");
    };
  }

  /** How to call this run again. */
  private String command() {
    var words = new ArrayList<>(List.of("spindle", "run", config.toString()));
    for (String override : overrides) {
      words.addAll(List.of("--set", override.contains(" ") ? "'" + override + "'" : override));
    }
    if (!root.isEmpty()) {
      words.addAll(List.of("--root", root));
    }
    if (!master.isEmpty()) {
      words.addAll(List.of("--master", master));
    }
    return String.join(" ", words);
  }
}

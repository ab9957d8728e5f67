package spindle.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spindle.job.Heap;
import spindle.job.ReportWriter;
import spindle.job.Retry;
import spindle.job.RunOptions;
import spindle.job.Sessions;
import spindle.job.SweepRun;
import spindle.sweep.Plan;
import spindle.sweep.Sweeps;

/** {@code spindle run}: runs or resumes a sweep. */
@Command(
    mixinStandardHelpOptions = true,
    name = "run",
    description = "Run a sweep, or resume it: what is committed is never computed again.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:every trial is ok, or was stopped by a guard of the sweep",
      " 2:configuration, master or place for results is wrong; nothing was simulated",
      " 3:finished, some trials failed or diverged",
      " 4:aborted by the failure policy of the sweep",
      " 5:another driver runs this sweep",
      "130:interrupted by Ctrl-C (143: by kill); what is committed is kept and published"
    })
final class RunCommand implements Callable<Integer> {
  private final ReportWriter report;

  @Mixin private SweepOptions sweep = new SweepOptions();

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "",
      description = "Folder for results instead of the one the sweep file names.")
  private String root = "";

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "",
      description = "Spark master; default: what spark-submit says, else local[*].")
  private String master = "";

  @Option(
      names = "--retry",
      paramLabel = "failed|all",
      defaultValue = "none",
      description = "Run committed trials again: the failed ones, or all that are not ok.")
  private String retry = "";

  @Option(
      names = "--takeover",
      description = "Take the sweep from a driver that still holds it; that one then stops.")
  private boolean takeover = false;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** A command that writes reports by this. */
  RunCommand(ReportWriter report) {
    this.report = report;
  }

  @Override
  public Integer call() {
    Retry again = retry();
    Sweeps.Planned planned = plan();
    Plan plan = planned.plan();
    var options = new RunOptions(root, again, takeover, command(), Optional.of(sweep.config()));
    return Ending.of(
        spec.commandLine().getErr(),
        () -> {
          Sessions.demandForm(master);
          Sessions.demandBackend(master, plan.sweep().execution().backend());
          warn(planned);
          return new SweepRun(plan, options, () -> Sessions.start(master), report).run();
        });
  }

  /** The plan; checking it may take long enough for somebody to end the process. */
  private Sweeps.Planned plan() {
    PrintWriter err = spec.commandLine().getErr();
    var hook = new Thread(() -> interrupted(err));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return sweep.plan();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        LockSupport.parkNanos(Long.MAX_VALUE); // the process is ending: nothing is begun any more
      }
    }
  }

  private void warn(Sweeps.Planned planned) {
    PrintWriter out = spec.commandLine().getOut();
    planned.warnings().forEach(warning -> out.println("warning: " + warning));
    Sessions.localCores(master)
        .flatMap(cores -> Heap.warning(planned, cores))
        .ifPresent(warning -> out.println("warning: " + warning));
    out.flush();
  }

  private static void interrupted(PrintWriter err) {
    err.println("interrupted before anything ran; the same command begins again");
    err.flush();
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
    var words = new ArrayList<>(List.of("spindle", "run", sweep.config().toString()));
    for (String override : sweep.overrides()) {
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

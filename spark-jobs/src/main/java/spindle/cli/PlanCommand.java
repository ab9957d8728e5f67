package spindle.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import spindle.job.Prospect;
import spindle.sweep.ExitCode;
import spindle.sweep.Sweeps;

/** {@code spindle plan}: what a run would do, without doing it. */
@Command(
    name = "plan",
    description =
        "Show the trials of a sweep, what is done, and predicted time, memory and output; runs"
            + " nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private SweepOptions sweep = new SweepOptions();

  @Option(names = "--list", description = "List every trial.")
  private boolean list = false;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json = false;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "",
      description = "Folder for results instead of the one the sweep file names.")
  private String root = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Sweeps.Planned planned = sweep.plan();
    return Ending.of(
        spec.commandLine().getErr(),
        () -> {
          int cores = Runtime.getRuntime().availableProcessors();
          Prospect prospect = Prospect.of(planned.plan(), root, cores);
          if (json) {
            new PlanJson(planned, prospect, out).print(list);
          } else {
            new PlanText(planned, prospect, out).print(list);
          }
          out.flush();
          return ExitCode.OK;
        });
  }
}

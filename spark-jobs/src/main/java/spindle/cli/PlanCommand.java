package spindle.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code spindle plan}: what a run would do, without doing it. */
@Command(
    name = "plan",
    description =
        "Show the trials of a sweep with predicted time, memory and output; runs nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  @Mixin private SweepOptions sweep = new SweepOptions();

  @Option(names = "--list", description = "List every trial.")
  private boolean list = false;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json = false;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      new PlanJson(sweep.plan(), out).print(list);
    } else {
      new PlanText(sweep.plan(), out).print(list);
    }
    out.flush();
    return 0;
  }
}

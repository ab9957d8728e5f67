package spindle.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import spindle.job.Heap;
import spindle.sweep.Sweeps;

/** {@code spindle validate}: every error of a sweep file at once. */
@Command(
    name = "validate",
    description = "Check a sweep file and show every error with its place.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @Mixin private SweepOptions sweep = new SweepOptions();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Sweeps.Planned planned = sweep.plan();
    long trials = planned.plan().size();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: ok, %s%n", sweep.config(), Show.count(trials, "trial"));
    planned.warnings().forEach(warning -> out.println("warning: " + warning));
    Heap.warning(planned, Runtime.getRuntime().availableProcessors())
        .ifPresent(warning -> out.println("warning: here " + warning));
    return 0;
  }
}

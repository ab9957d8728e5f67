package spindle.cli;

import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import spindle.report.Report;
import spindle.sweep.ExitCode;
import spindle.sweep.InvalidSweep;

/** The command line; spark-submit takes the same arguments after the jar. */
@Command(
    name = "spindle",
    description = "Spiking-network simulations as parameter sweeps on Apache Spark.",
    mixinStandardHelpOptions = true,
    version = "spindle 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "  bench     Run one benchmark and print one JSON object (spindle bench --help).",
      "",
      "Exit codes: 0 ok, 1 internal error, 2 bad config, 3 some trials failed or",
      "diverged, 4 aborted by policy, 5 sweep held by another driver, 130 interrupted",
      "(Ctrl-C; 143 by kill)."
    })
public final class Main {
  /**
   * The subcommands. A supplier, because loading one that uses Spark costs seconds and fails where
   * Spark is not on the class path; so only the one that is called is made.
   */
  private static final List<Subcommand> SUBCOMMANDS =
      List.of(
          new Subcommand("validate", ValidateCommand::new),
          new Subcommand("plan", PlanCommand::new),
          new Subcommand("run", () -> new RunCommand(Report::write)),
          new Subcommand("status", StatusCommand::new),
          new Subcommand("failures", FailuresCommand::new),
          new Subcommand("report", () -> new ReportCommand(Report::write)),
          new Subcommand("export", ExportCommand::new),
          new Subcommand("models", ModelsCommand::new),
          new Subcommand("doctor", DoctorCommand::new),
          new Subcommand("help", CommandLine.HelpCommand::new));

  private record Subcommand(String name, Supplier<Object> command) {}

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    int code = execute(args);
    if (code != 0) {
      System.exit(code); // under spark-submit a plain return is the way to say 0
    }
  }

  /** Runs one command. */
  static int execute(String... args) {
    var line = new CommandLine(new Main());
    boolean named =
        args.length > 0
            && !args[0].equals("help") // which is about any of the others
            && SUBCOMMANDS.stream().anyMatch(s -> s.name().equals(args[0]));
    SUBCOMMANDS.stream()
        .filter(s -> !named || s.name().equals(args[0]))
        .forEach(s -> line.addSubcommand(s.name(), s.command().get()));
    line.setExpandAtFiles(false);
    line.setExecutionExceptionHandler(Main::explain);
    if (args.length == 0) {
      line.usage(line.getErr());
      return ExitCode.BAD_CONFIG.code();
    }
    return line.execute(args);
  }

  private static int explain(Exception thrown, CommandLine line, CommandLine.ParseResult parsed) {
    if (thrown instanceof InvalidSweep invalid) {
      invalid.lines().forEach(line.getErr()::println);
      return ExitCode.BAD_CONFIG.code();
    }
    line.getErr().println("spindle: internal error, please report it with the lines below");
    thrown.printStackTrace(line.getErr());
    return ExitCode.INTERNAL.code();
  }
}

package spindle.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import spindle.sweep.Sweeps;

/** The arguments of every command that takes a sweep file. */
public final class SweepOptions {
  @Parameters(index = "0", paramLabel = "CONFIG", description = "The sweep file.")
  private Path config = Path.of("");

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Override a key of the file: replicates.n=2, fixed.sim.dt='0.05 ms',"
              + " axes.syn.g_exc='{values: [2 nS]}'. Repeatable; the last one wins.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = "--max-trials",
      paramLabel = "N",
      description = "Refuse plans with more trials (default ${DEFAULT-VALUE}).")
  private long maxTrials = Sweeps.MAX_TRIALS;

  /** The checked plan. */
  public Sweeps.Planned plan() {
    return Sweeps.onClassPath().plan(config, overrides, maxTrials);
  }

  /** The {@code --set} arguments without the option, in order. */
  public List<String> overrides() {
    return List.copyOf(overrides);
  }

  /** The sweep file as the user gave it. */
  public Path config() {
    return config;
  }
}

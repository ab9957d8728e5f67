package spindle.bench;

import java.util.Map;
import spindle.task.Json;

/** {@code spindle bench NAME [options] --json}: one benchmark, one JSON object. */
public final class Main {
  private static final String USAGE =
      """
      usage: spindle bench coba-lif [options] --json
        --neurons N          number of neurons (4000)
        --connectivity LAW   fixed-p, jit, fixed-out-degree, fixed-in-degree (fixed-p)
        --weights FORM       canonical or literal (canonical)
        --storage HOW        auto, stored, regenerated (auto)
        --duration T         simulated time with unit (5s)
        --dt T               time step with unit (0.1ms)
        --precision TYPE     float32 or float64 (float32)
        --backend NAME       auto, cpu, reference (auto)
        --seed N             seed of every random number (1)
        --repeat N           runs in this process: the first is cold, run_s is the median of the others (2)
        --dump FILE          write network and initial state for the C++ baseline
      """;

  private Main() {}

  public static void main(String[] args) {
    if (args.length == 0 || args[0].contains("help")) {
      System.out.print(USAGE);
      System.exit(args.length == 0 ? 2 : 0);
    }
    try {
      System.out.println(Json.of(run(args)));
    } catch (IllegalArgumentException e) {
      System.err.println("spindle bench: " + e.getMessage());
      System.exit(2);
    }
  }

  private static Map<String, Object> run(String[] args) {
    return switch (args[0]) {
      case "coba-lif" -> new CobaLifBench(new Options(args, 1, CobaLifBench.OPTIONS)).run();
      default -> throw new IllegalArgumentException("no benchmark \"" + args[0] + "\"\n" + USAGE);
    };
  }
}

package spindle.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import spindle.backend.Arguments;
import spindle.backend.cuda.CudaBackend;
import spindle.backend.cuda.Devices;
import spindle.backend.cuda.Pack;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * {@code bench launch}: what it costs to start work on a GPU that has next to none to do. On a
 * device the wait for it is part of this; with a driver that does nothing what is left is Java's
 * share.
 */
final class LaunchBench {
  static final Set<String> OPTIONS = Set.of("shapes", "rounds", "launches");

  /** Long enough for graphs of steps. */
  private static final int STEPS = 1000;

  private final List<String> shapes;
  private final int rounds;
  private final int launches;

  LaunchBench(Options options) {
    this.shapes = options.words("shapes", String.join(",", Options.SHAPES));
    this.rounds = options.count("rounds", 9, 1);
    this.launches = options.count("launches", 20_000, 1);
  }

  void run(Consumer<Map<String, Object>> print) {
    if (Devices.all().isEmpty()) {
      throw new IllegalArgumentException("launch: " + Devices.missing());
    }
    for (String shape : shapes) {
      var backend = new CudaBackend(Devices.all().get(0), Optional.of(Options.shape(shape)));
      var none = new Arguments(Map.of(), Set.of());
      try (var pack = new Pack(decay(), List.of(none), backend)) {
        print.accept(line(backend, pack));
      }
    }
  }

  private Map<String, Object> line(CudaBackend backend, Pack pack) {
    var line = new LinkedHashMap<String, Object>();
    line.put("name", "launch");
    line.put("backend", backend.name());
    line.put("device", backend.on().toString());
    line.put("shape", pack.shape().toString());
    line.put("jdk", Runtime.version().feature());
    line.put("rounds", rounds);
    line.put("launches", launches);
    line.put("held_bytes", pack.bytes());
    double[] one = seconds(pack, 1, launches);
    line.put("us_per_chunk_of_1", 1e6 * one[rounds / 2]);
    line.put("us_per_chunk_of_1_min", 1e6 * one[0]);
    double[] many = seconds(pack, STEPS, Math.max(1, launches / STEPS));
    line.put("us_per_step_of_" + STEPS, 1e6 * many[rounds / 2] / STEPS);
    line.put("us_per_step_of_" + STEPS + "_min", 1e6 * many[0] / STEPS);
    return line;
  }

  /** Seconds per chunk, of each round, the fastest first. */
  private double[] seconds(Pack pack, int steps, int chunks) {
    var seconds = new double[rounds];
    int from = 0;
    for (int r = -1; r < rounds; r++) { // a round before the first to get warm
      long start = System.nanoTime();
      for (int k = 0; k < chunks; k++) {
        pack.run(from, steps);
        from = (from + steps) % (Integer.MAX_VALUE / 2);
      }
      if (r >= 0) {
        seconds[r] = (System.nanoTime() - start) * 1e-9 / chunks;
      }
    }
    Arrays.sort(seconds);
    return seconds;
  }

  /** x' = x / 2: a block of one warp, or a kernel and the end of the step. */
  private static Program decay() {
    var t = new Trace("decay");
    t.declare(Variable.of("x", Type.vector(DType.F32, 32)));
    t.store("x", t.load("x").times(0.5));
    return t.finish();
  }
}

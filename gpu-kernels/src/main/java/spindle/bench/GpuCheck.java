package spindle.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.backend.cuda.Device;
import spindle.backend.cuda.Devices;

/**
 * {@code bench gpu-check}: whether a GPU computes what the CPU computes, bit for bit, and how fast
 * it is.
 */
final class GpuCheck {
  static final Set<String> OPTIONS = Set.of("sizes", "trials", "duration", "neurons");

  /** Networks that go through every kind of kernel. */
  private static final List<List<String>> FORMS =
      List.of(
          List.of("--storage", "stored"),
          List.of("--storage", "regenerated"),
          List.of("--connectivity", "fixed-in-degree", "--storage", "regenerated"),
          List.of("--precision", "float64"),
          List.of("--delay", "0.1ms", "--delay-max", "2ms"),
          List.of("--weights", "literal"));

  private final Options options;

  GpuCheck(Options options) {
    this.options = options;
  }

  Map<String, Object> run() {
    if (Devices.all().isEmpty()) {
      throw new IllegalArgumentException("gpu-check: " + Devices.missing());
    }
    var result = new LinkedHashMap<String, Object>();
    result.put("name", "gpu-check");
    result.put("devices", Devices.all().stream().map(Device::toString).toList());
    result.put("jdk", System.getProperty("java.version"));
    result.put("agreement", FORMS.stream().map(this::agreement).toList());
    var times = new ArrayList<Map<String, Object>>();
    for (int neurons : options.counts("sizes", "4000,40000,400000,4000000")) {
      times.add(attempt(() -> time(neurons)));
    }
    times.add(attempt(this::pack));
    result.put("times", times);
    return result;
  }

  private Map<String, Object> agreement(List<String> form) {
    return attempt(
        () -> {
          Map<String, Object> line = new LinkedHashMap<>();
          line.put("form", String.join(" ", form));
          Object right = spikes(form, "cpu");
          Object is = spikes(form, "cuda");
          line.put("cpu", right);
          line.put("cuda", is);
          line.put("equal", right.equals(is));
          return line;
        });
  }

  private Object spikes(List<String> form, String backend) {
    var arguments = new ArrayList<>(form);
    arguments.addAll(List.of("--neurons", options.text("neurons", "4000")));
    arguments.addAll(List.of("--duration", "200ms", "--backend", backend));
    return cobaLif(arguments).get("spike_hash");
  }

  private Map<String, Object> time(int neurons) {
    return cobaLif(
        List.of(
            "--neurons",
            Integer.toString(neurons),
            "--duration",
            options.text("duration", "5s"),
            "--backend",
            "cuda",
            "--repeat",
            "3"));
  }

  private static Map<String, Object> cobaLif(List<String> arguments) {
    var options = new Options(arguments.toArray(new String[0]), 0, BalancedBench.OPTIONS);
    return BalancedBench.lif(options).run();
  }

  private Map<String, Object> pack() {
    int trials = options.count("trials", 264, 1);
    var arguments =
        List.of(
            "--neurons",
            options.text("neurons", "4000"),
            "--duration",
            options.text("duration", "5s"));
    var parsed = new Options(arguments.toArray(new String[0]), 0, BalancedBench.OPTIONS);
    return new PackBench(BalancedBench.lif(parsed), trials).run();
  }

  /** Something that may fail on a device. */
  private interface Work {
    Map<String, Object> run();
  }

  /** A failure is a result too, and what comes after it is still wanted. */
  private static Map<String, Object> attempt(Work work) {
    try {
      return work.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      return Map.of("error", String.valueOf(e.getMessage()));
    }
  }
}

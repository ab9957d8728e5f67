package spindle.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import spindle.backend.cuda.Device;
import spindle.backend.cuda.Devices;

/** The parts of {@code bench gpu-check} that a process of its own runs, by name and in order. */
final class GpuSections {
  /** To store the rows of so many neurons takes a host longer than a device takes to run them. */
  private static final int SLOWLY_STORED = 1_000_000;

  /** Networks that go through every kind of kernel. */
  private static final List<List<String>> FORMS =
      List.of(
          List.of("--storage", "stored"),
          List.of("--storage", "regenerated"),
          List.of("--connectivity", "fixed-in-degree", "--storage", "regenerated"),
          List.of("--precision", "float64"),
          List.of("--delay", "0.1ms", "--delay-max", "2ms"),
          List.of("--weights", "literal"));

  /** One of each way in which a regenerated matrix is multiplied, and the batched ones. */
  private static final List<String> PRODUCTS =
      List.of(
          "event_mv_prob_homo",
          "event_mv_prob_normal",
          "mv_prob_homo",
          "mv_prob_uniform",
          "mv_prob_normal",
          "mv_prob_homo_t",
          "mv_prob_normal_t",
          "event_mm_prob_homo",
          "mm_prob_homo_t");

  /** What a part does. */
  interface Work {
    void run(Consumer<Map<String, Object>> print);
  }

  private final Options options;
  private final boolean small;
  private final Map<String, Work> all = new LinkedHashMap<>();

  GpuSections(Options options) {
    this.options = options;
    this.small = options.has("small");
    all.put("device", this::device);
    Options.SHAPES.forEach(s -> all.put("launch-" + s, print -> launch(s, print)));
    Options.SHAPES.forEach(s -> all.put("agreement-" + s, print -> agreement(s, print)));
    all.put("agreement-all", print -> Options.SHAPES.forEach(s -> agreement(s, print)));
    all.put("agreement-products", this::products);
    all.put("agreement-bptt", print -> print.accept(sameLosses()));
    all.put("pack", print -> print.accept(attempt(this::pack)));
    for (int n : options.counts("sizes", small ? "100" : "4000,40000,400000,4000000")) {
      Options.SHAPES.forEach(s -> all.put("coba-lif-" + n + "-" + s, print -> lif(n, s, print)));
    }
    for (int n : options.counts("hh-sizes", small ? "100" : "4000,40000")) {
      all.put("coba-hh-" + n, print -> print.accept(attempt(() -> hh(timed(n, "auto")))));
    }
    all.put("bptt", print -> print.accept(attempt(() -> bptt(Map.of("backend", "cuda")))));
    for (int n : options.counts("jit-sizes", small ? "100" : "10000,100000,300000,1000000")) {
      all.put("jit-" + n, print -> jit(n, "cuda", print));
    }
  }

  /** Names in order, without the one that is many of them in one process. */
  List<String> names() {
    return all.keySet().stream().filter(n -> !n.equals("agreement-all")).toList();
  }

  /**
   * Runs one part.
   *
   * @return whether nothing failed and nothing differed
   */
  boolean run(String name, Consumer<Map<String, Object>> print) {
    Work work = all.get(name);
    if (work == null) {
      throw new IllegalArgumentException("no section " + name + "; known: " + names());
    }
    var wrong = new ArrayList<Object>();
    work.run(
        line -> {
          print.accept(line);
          if (line.containsKey("error") || Boolean.FALSE.equals(line.get("equal"))) {
            wrong.add(line);
          }
        });
    return wrong.isEmpty();
  }

  private void device(Consumer<Map<String, Object>> print) {
    for (Device d : Devices.all()) {
      var line = new LinkedHashMap<String, Object>();
      line.put("device", d);
      line.put("jdk", System.getProperty("java.runtime.version"));
      line.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
      line.put("processors", Runtime.getRuntime().availableProcessors());
      line.put("heap_bytes", Runtime.getRuntime().maxMemory());
      print.accept(line);
    }
    String query = "name,driver_version,clocks.max.sm,clocks.max.mem,power.limit,mig.mode.current";
    var smi = List.of("nvidia-smi", "--query-gpu=" + query, "--format=csv,noheader");
    print.accept(Map.of("nvidia_smi", Child.run(smi, 60).said(8)));
  }

  private void launch(String shape, Consumer<Map<String, Object>> print) {
    var few = small ? Map.of("launches", "20", "rounds", "1") : Map.<String, String>of();
    new LaunchBench(given(with(few, "shapes", shape), LaunchBench.OPTIONS)).run(print);
  }

  /** Networks in one shape, which must spike as on the CPU. */
  private void agreement(String shape, Consumer<Map<String, Object>> print) {
    for (List<String> form : small ? FORMS.subList(0, 2) : FORMS) {
      print.accept(attempt(() -> same("coba-lif", form, shape)));
    }
    print.accept(attempt(() -> same("coba-hh", List.of(), shape)));
  }

  private Map<String, Object> same(String network, List<String> form, String shape) {
    var arguments = new ArrayList<>(form);
    arguments.addAll(List.of("--neurons", neurons(), "--duration", small ? "10ms" : "200ms"));
    Function<List<String>, Map<String, Object>> bench =
        network.equals("coba-hh") ? GpuSections::hh : GpuSections::lif;
    var cuda = new ArrayList<>(arguments);
    cuda.addAll(List.of("--backend", "cuda", "--shape", shape));
    Map<String, Object> actual = bench.apply(cuda);
    if (actual.containsKey("skipped")) {
      return actual;
    }
    arguments.addAll(List.of("--backend", "cpu"));
    Map<String, Object> expected = bench.apply(arguments);
    var line = new LinkedHashMap<String, Object>();
    line.put("check", (network + " " + String.join(" ", form)).strip());
    line.put("shape", actual.get("shape"));
    line.put("spikes", actual.get("spikes"));
    return compared(line, expected.get("spike_hash"), actual.get("spike_hash"));
  }

  private static Map<String, Object> compared(Map<String, Object> line, Object cpu, Object cuda) {
    line.put("on_cpu", cpu); // what every line calls cpu is the machine's
    line.put("on_cuda", cuda);
    line.put("equal", cpu.equals(cuda));
    return line;
  }

  /** Products, whose results must have the CPU's bits. */
  private void products(Consumer<Map<String, Object>> print) {
    int n = small ? 100 : 3000;
    var expected = new LinkedHashMap<Object, Object>();
    jit(n, "cpu", line -> expected.put(key(line), line.get("result_hash")));
    jit(
        n,
        "cuda",
        actual -> {
          if (actual.containsKey("error")) {
            print.accept(actual);
            return;
          }
          var line = new LinkedHashMap<String, Object>();
          line.put("check", key(actual));
          line.put("n", n);
          print.accept(compared(line, expected.get(key(actual)), actual.get("result_hash")));
        });
  }

  private static String key(Map<String, Object> line) {
    return line.get("operator") + " batch " + line.get("batch");
  }

  private void jit(int n, String backend, Consumer<Map<String, Object>> print) {
    for (String operator : small ? List.of("mv_prob_normal") : PRODUCTS) {
      var settings =
          Map.of(
              "sizes",
              Integer.toString(n),
              "operators",
              operator,
              "backend",
              backend,
              "rounds",
              small ? "1" : "3",
              "seconds",
              small ? "0.01" : "1");
      attempt(
              () -> {
                OperatorsBench.regenerated(given(settings, OperatorsBench.OPTIONS)).run(print);
                return Map.of();
              })
          .forEach((k, error) -> print.accept(Map.of("operator", operator, k, error)));
    }
  }

  private Map<String, Object> sameLosses() {
    return attempt(
        () -> {
          var few = Map.of("warm", "0", "rounds", "1", "iterations", "4");
          Map<String, Object> expected = bptt(with(few, "backend", "cpu"));
          Map<String, Object> actual = bptt(with(few, "backend", "cuda"));
          var line = new LinkedHashMap<String, Object>();
          line.put("check", "bptt");
          return compared(line, expected.get("losses"), actual.get("losses"));
        });
  }

  private static Map<String, String> with(Map<String, String> some, String name, String value) {
    var all = new LinkedHashMap<>(some);
    all.put(name, value);
    return all;
  }

  private Map<String, Object> bptt(Map<String, String> settings) {
    var all = new LinkedHashMap<String, String>();
    if (small) {
      all.putAll(Map.of("inputs", "5", "hidden", "8", "steps", "6", "batch", "2", "warm", "0"));
      all.putAll(Map.of("rounds", "1", "iterations", "1"));
    }
    all.putAll(settings);
    return new BpttBench(given(all, BpttBench.OPTIONS)).run();
  }

  private void lif(int neurons, String shape, Consumer<Map<String, Object>> print) {
    print.accept(attempt(() -> lif(timed(neurons, shape))));
  }

  private List<String> timed(int neurons, String shape) {
    return List.of(
        "--neurons",
        Integer.toString(neurons),
        "--duration",
        duration(),
        "--backend",
        "cuda",
        "--shape",
        shape,
        "--limit",
        options.text("limit", "10"),
        "--storage",
        neurons < SLOWLY_STORED ? "auto" : "regenerated",
        "--repeat",
        small ? "2" : "4");
  }

  private static Map<String, Object> lif(List<String> arguments) {
    return BalancedBench.lif(parsed(arguments)).run();
  }

  private static Map<String, Object> hh(List<String> arguments) {
    return BalancedBench.hh(parsed(arguments)).run();
  }

  private static Options parsed(List<String> arguments) {
    return new Options(arguments.toArray(String[]::new), 0, BalancedBench.OPTIONS);
  }

  private Map<String, Object> pack() {
    int trials = options.count("trials", small ? 3 : 264, 1);
    var arguments = List.of("--neurons", neurons(), "--duration", duration());
    return new PackBench(BalancedBench.lif(parsed(arguments)), trials).run();
  }

  private String neurons() {
    return options.text("neurons", small ? "100" : "4000");
  }

  private String duration() {
    return options.text("duration", small ? "3ms" : "5s");
  }

  private static Options given(Map<String, String> settings, java.util.Set<String> known) {
    String[] arguments =
        settings.entrySet().stream()
            .flatMap(e -> Stream.of("--" + e.getKey(), e.getValue()))
            .toArray(String[]::new);
    return new Options(arguments, 0, known);
  }

  /** Something that may fail on a device. */
  private interface Attempt {
    Map<String, Object> run();
  }

  /** A failure is a result too, and what comes after it is still wanted. */
  private static Map<String, Object> attempt(Attempt work) {
    try {
      return work.run();
    } catch (RuntimeException | Error e) {
      return Map.of("error", Optional.ofNullable(e.getMessage()).orElse(e.toString()));
    }
  }
}

package spindle.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import spindle.backend.cuda.Device;
import spindle.backend.cuda.Devices;
import spindle.task.Json;

/**
 * {@code bench gpu-check}: whether a GPU computes what the CPU computes, bit for bit, and how fast
 * it is. Each section has a process of its own, as a failed launch can take the device from the one
 * that made it, and what is known is saved after each.
 */
final class GpuCheck {
  static final Set<String> OPTIONS =
      Set.of(
          "sizes",
          "hh-sizes",
          "jit-sizes",
          "trials",
          "neurons",
          "duration",
          "limit",
          "small",
          "section",
          "only",
          "out",
          "timeout");

  /** Options of this process alone. */
  private static final Set<String> OWN = Set.of("section", "only", "out", "timeout");

  /**
   * System property: a folder with {@code tests.jar}, the suites that run on a device, and the
   * libraries that they need; without it none are run.
   */
  static final String TESTS_PROPERTY = "spindle.tests";

  private static final String RUNNER = "org.scalatest.tools.Runner";
  private static final String SANITIZER = "compute-sanitizer";
  private static final int MOST_LINES = 20;

  private final Options options;
  private final GpuSections sections;
  private final List<String> done = new ArrayList<>();
  private final List<String> failed = new ArrayList<>();

  GpuCheck(Options options) {
    this.options = options;
    this.sections = new GpuSections(options);
  }

  /**
   * Runs the section that is asked for, or all, each by a process of its own.
   *
   * @return whether all is well
   * @throws IllegalArgumentException if there is no GPU
   */
  boolean run(Consumer<Map<String, Object>> print) {
    if (Devices.all().isEmpty()) {
      throw new IllegalArgumentException("gpu-check: " + Devices.missing());
    }
    if (options.has("section")) {
      return sections.run(options.text("section", ""), print);
    }
    plan().forEach(this::perform);
    System.out.print(text());
    return failed.isEmpty();
  }

  /** Commands by the name of the section; an empty one says why it is not run. */
  private Map<String, List<String>> plan() {
    var all = new LinkedHashMap<String, List<String>>();
    for (String name : sections.names()) {
      all.put(name, section(name, options.without(OWN)));
    }
    for (String tool : List.of("memcheck", "racecheck", "synccheck", "initcheck")) {
      all.put("sanitizer-" + tool, sanitizer(tool));
    }
    all.put("tests", tests());
    List<String> only = options.words("only", "");
    all.keySet().removeIf(name -> only.stream().noneMatch(name::startsWith));
    return all;
  }

  private static List<String> java(String classPath, List<String> settings) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.add("--add-modules=jdk.incubator.vector");
    }
    command.addAll(settings);
    command.addAll(List.of("-cp", classPath));
    return command;
  }

  private static List<String> section(String name, List<String> options) {
    List<String> command = java(System.getProperty("java.class.path"), List.of());
    command.addAll(List.of(Main.class.getName(), "gpu-check", "--json", "--section", name));
    command.addAll(options);
    return command;
  }

  /** Small networks in each shape, watched by a tool of NVIDIA. */
  private static List<String> sanitizer(String tool) {
    boolean there =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(d -> Files.isExecutable(Path.of(d, SANITIZER)));
    if (!there) {
      return List.of();
    }
    var command = new ArrayList<>(List.of(SANITIZER, "--tool", tool, "--error-exitcode", "3"));
    command.addAll(section("agreement-all", List.of("--small")));
    return command;
  }

  /** All suites that carry the tag of devices, without the stand-in for the driver. */
  private static List<String> tests() {
    String folder = System.getProperty(TESTS_PROPERTY, "");
    if (folder.isEmpty()) {
      return List.of();
    }
    String all = Path.of(folder, "*") + ":" + System.getProperty("java.class.path");
    String root = "-Dspindle.root=" + Path.of("").toAbsolutePath();
    List<String> command = java(all, List.of("-Dspindle.cuda.real=true", root));
    String suites = Path.of(folder, "tests.jar").toString();
    command.addAll(List.of(RUNNER, "-R", suites, "-n", "spindle.Gpu", "-oWN"));
    return command;
  }

  private void perform(String name, List<String> command) {
    var line = new LinkedHashMap<String, Object>();
    line.put("section", name);
    List<String> results = List.of();
    if (command.isEmpty()) {
      line.put("skipped", name.equals("tests") ? "not packed" : "no " + SANITIZER + " on the path");
    } else {
      int timeout = options.count("timeout", 900, 1);
      Child child = Child.run(command, timeout);
      boolean ok = child.code() == 0 && !child.ended();
      line.put("ok", ok);
      line.put("seconds", child.seconds());
      if (name.equals("tests")) {
        line.put("tests", report(child.lines()));
      }
      if (!ok) {
        failed.add(name);
        String end = child.ended() ? "ended after " + timeout + " s" : "exit code " + child.code();
        line.put("error", (end + "\n" + child.said(MOST_LINES)).strip());
      }
      results = child.objects();
    }
    System.err.println(Json.of(line));
    done.add(joined(Json.of(line), "results", results));
    save();
  }

  /** What ScalaTest says in sum, and of failures; where it was ended before, what had passed. */
  static List<String> report(List<String> lines) {
    var report = new ArrayList<String>();
    var passed = new LinkedHashMap<String, Integer>();
    String suite = "";
    for (String line : lines) {
      if (line.endsWith("Suite:")) {
        suite = line.substring(0, line.length() - 1);
      } else if (line.startsWith("Tests:") || line.contains("*** FAILED ***")) {
        report.add(line);
      } else if (line.startsWith("- ") && !line.contains("!!! CANCELED !!!")) {
        passed.merge(suite, 1, Integer::sum);
      }
    }
    if (report.stream().noneMatch(l -> l.startsWith("Tests:"))) {
      passed.forEach((name, tests) -> report.add("passed before the end: " + name + " " + tests));
    }
    return List.copyOf(report);
  }

  /** An object with one more field: objects that are text already. */
  private static String joined(String object, String field, List<String> objects) {
    String head = object.substring(0, object.length() - 1);
    return head + "," + Json.quote(field) + ":[" + String.join(",", objects) + "]}";
  }

  private String text() {
    var head = new LinkedHashMap<String, Object>();
    head.put("name", "gpu-check");
    head.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    head.put("cpu", Machine.cpu());
    head.put("devices", Devices.all().stream().map(Device::toString).toList());
    head.put("jdk", System.getProperty("java.version"));
    head.put("failed", failed);
    return joined(Json.of(head), "sections", done) + "\n";
  }

  private void save() {
    try {
      Files.writeString(Path.of(options.text("out", "gpu-check.json")), text());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the results", e);
    }
  }
}

package spindle.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import spindle.task.NumericsVersion;
import spindle.task.Task;
import spindle.task.Tasks;

/** {@code spindle doctor}: what this machine has and what would be used. */
@Command(
    name = "doctor",
    description = "Show the JDK, vector units, backends and models found, and what is used why.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final String VECTOR = "jdk.incubator.vector";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    Runtime jvm = Runtime.getRuntime();
    // Devices are the simulator's to name: it tells them through spindle.task.Tasks.
    List<String> models = Tasks.all().stream().map(Task::describe).map(d -> d.name()).toList();
    new Table()
        .row("java", property("java.version") + ", " + property("java.vm.name"))
        .row("", property("java.home"))
        .row("machine", property("os.name") + " " + property("os.arch"))
        .row("", Show.count(jvm.availableProcessors(), "core"))
        .row("", Show.bytes((double) jvm.maxMemory()) + " largest heap")
        .row("vector units", vectorBits())
        .row("Vector API", vectorModule())
        .row("backends", "cpu, reference")
        .row("auto takes", "cpu: no other device is supported by this build")
        .row("numerics", "version " + NumericsVersion.CURRENT + ", the same bits on every backend")
        .row("models", models.isEmpty() ? "none" : String.join(", ", models))
        .print(spec.commandLine().getOut());
    return 0;
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  /** The JIT compiler's own limit, which needs no incubator module to be asked for. */
  private static String vectorBits() {
    var hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotspot == null) {
      return "unknown: not a HotSpot JVM";
    }
    try {
      int bytes = Integer.parseInt(hotspot.getVMOption("MaxVectorSize").getValue());
      return bytes * 8 + " bit";
    } catch (IllegalArgumentException e) {
      return "unknown: this JVM has no optimising compiler";
    }
  }

  private static String vectorModule() {
    if (ModuleLayer.boot().findModule(VECTOR).isPresent()) {
      return VECTOR + " is on";
    }
    return ModuleFinder.ofSystem().find(VECTOR).isPresent()
        ? VECTOR + " is there; run and bench turn it on"
        : VECTOR + " is not in this runtime; plain loops are used";
  }
}

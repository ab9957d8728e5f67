package spindle.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.module.ModuleFinder;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import spindle.backend.cuda.Device;
import spindle.backend.cuda.Devices;
import spindle.compile.Jvm;
import spindle.sim.Backends;
import spindle.task.NumericsVersion;
import spindle.task.Task;
import spindle.task.Tasks;

/** {@code spindle doctor}: what this machine has and what would be used. */
@Command(
    name = "doctor",
    description =
        "Show the JDK, vector units, driver, devices, backends and models found, and what is used"
            + " why.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final String VECTOR = "jdk.incubator.vector";

  private final Nvidia nvidia;

  @Spec private CommandSpec spec = CommandSpec.create();

  DoctorCommand() {
    this(Nvidia.here());
  }

  DoctorCommand(Nvidia nvidia) {
    this.nvidia = nvidia;
  }

  @Override
  public Integer call() {
    var table = new Table();
    machine(table);
    device(table);
    simulator(table);
    table.print(spec.commandLine().getOut());
    return 0;
  }

  private static void machine(Table table) {
    Runtime jvm = Runtime.getRuntime();
    table
        .row("java", property("java.version") + ", " + property("java.vm.name"))
        .row("", property("java.home"))
        .row("machine", property("os.name") + " " + property("os.arch"))
        .row("", Show.count(jvm.availableProcessors(), "core"))
        .row("", Show.bytes((double) jvm.maxMemory()) + " largest heap")
        .row("vector units", vectorBits())
        .row("Vector API", vectors());
  }

  private void device(Table table) {
    table.row("NVIDIA driver", nvidia.driver());
    List<String> usable = Devices.all().stream().map(Device::toString).toList();
    rows(table, "devices", usable.isEmpty() ? List.of("none: " + Devices.missing()) : usable);
    rows(table, "nvidia-smi", nvidia.listing());
    table.row("PTX route", Nvidia.ptxRoute());
  }

  private static void rows(Table table, String title, List<String> lines) {
    String head = title;
    for (String line : lines) {
      table.row(head, line);
      head = "";
    }
  }

  private static void simulator(Table table) {
    List<String> models = Tasks.all().stream().map(Task::describe).map(d -> d.name()).toList();
    rows(
        table,
        "backends",
        Backends.all().stream().map(b -> b.name() + " (" + b.device() + ")").toList());
    table
        .row("auto takes", Backends.choice())
        .row("numerics", "version " + NumericsVersion.CURRENT + ", the same bits on every backend")
        .row("models", models.isEmpty() ? "none" : String.join(", ", models));
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

  private static String vectors() {
    return Runtime.version().feature() < Jvm.VECTORS_FROM
        ? vectorModule() + "; mostly plain loops over neurons before JDK " + Jvm.VECTORS_FROM
        : vectorModule();
  }

  private static String vectorModule() {
    if (Jvm.hasVectors()) {
      return VECTOR + " is on";
    }
    return ModuleFinder.ofSystem().find(VECTOR).isPresent()
        ? VECTOR + " is there; bin/spindle turns it on"
        : VECTOR + " is not in this runtime; plain loops are used";
  }
}

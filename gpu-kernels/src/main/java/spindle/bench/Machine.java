package spindle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a measurement says about where and when it was taken, and what the process took: read from
 * {@code /proc}, as a cold process would have to load the classes of management beans.
 */
final class Machine {
  private static final Path STATUS = Path.of("/proc/self/status");

  private Machine() {}

  /**
   * A result with the keys that all have: {@code peak_bytes} (largest resident memory of this
   * process since it began or {@link #forgetPeak}), {@code cpu}, {@code date} (UTC) and {@code
   * load1} (load average of the last minute); memory and load where the system tells them.
   */
  static Map<String, Object> stamped(Map<String, Object> result) {
    var line = new LinkedHashMap<>(result);
    long peak = resident("VmHWM");
    if (peak > 0) {
      line.put("peak_bytes", peak);
    }
    line.put("cpu", cpu());
    line.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    for (String load : lines(Path.of("/proc/loadavg"))) {
      line.put("load1", Double.valueOf(load.substring(0, load.indexOf(' '))));
    }
    return line;
  }

  /** Model name with family and number, as virtual machines often hide the name. */
  static String cpu() {
    List<String> facts = lines(Path.of("/proc/cpuinfo"));
    String name = fact(facts, "model name");
    return name.isEmpty()
        ? System.getProperty("os.arch")
        : "%s (family %s, model %s)"
            .formatted(name, fact(facts, "cpu family"), fact(facts, "model"));
  }

  /**
   * Resident memory of this process [B], 0 where the system does not tell.
   *
   * @param entry VmRSS: now; VmHWM: at most
   */
  static long resident(String entry) {
    String kilobytes = fact(lines(STATUS), entry).replaceAll("\\D", "");
    return kilobytes.isEmpty() ? 0 : Long.parseLong(kilobytes) * 1024;
  }

  /** Lets VmHWM begin again at VmRSS, where the system allows it. */
  static void forgetPeak() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException e) {
      // Then a later peak is that of all before it, too.
    }
  }

  /** What stands behind a name and a colon, the first time. */
  private static String fact(List<String> facts, String name) {
    for (String line : facts) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals(name)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}

package spindle.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Looks for NVIDIA's driver without loading it: a machine without one must not fail, and one with a
 * broken one must not crash.
 *
 * @param folders where the dynamic linker may find libraries
 * @param proc folder of the kernel module: {@code /proc/driver/nvidia}
 * @param smi NVIDIA's program that lists devices
 */
record Nvidia(List<Path> folders, Path proc, String smi) {
  private static final String LIBRARY = "libcuda.so.1";
  private static final String JCUDA = "META-INF/maven/org.jcuda/jcuda/pom.properties";
  private static final int SMI_SECONDS = 10;

  /** This machine's. */
  static Nvidia here() {
    String searched = System.getProperty("java.library.path", "");
    Stream<String> usual =
        Stream.of(
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/local/nvidia/lib64",
            "/usr/lib/wsl/lib");
    var folders =
        Stream.concat(Stream.of(searched.split(File.pathSeparator)), usual)
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .distinct()
            .toList();
    return new Nvidia(folders, Path.of("/proc/driver/nvidia"), "nvidia-smi");
  }

  /** The driver in words. */
  String driver() {
    Optional<Path> library =
        folders.stream().map(f -> f.resolve(LIBRARY)).filter(Files::exists).findFirst();
    Optional<String> module = module();
    if (library.isEmpty()) {
      return module
          .map(m -> m + ", but " + LIBRARY + " is missing: " + searched())
          .orElse("no NVIDIA driver found (" + LIBRARY + " is in none of " + searched() + ")");
    }
    return library.get() + ", " + module.orElse("no kernel module loaded");
  }

  private String searched() {
    return String.join(
        ", ", folders.stream().filter(Files::isDirectory).map(Path::toString).toList());
  }

  /** {@code kernel module 550.54.14}; empty if it is not loaded. */
  private Optional<String> module() {
    try (Stream<String> lines = Files.lines(proc.resolve("version"))) {
      return lines
          .flatMap(line -> Stream.of(line.split("\\s+")))
          .filter(word -> word.matches("[0-9]+\\.[0-9]+(\\.[0-9]+)?"))
          .findFirst()
          .map(version -> "kernel module " + version);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * What nvidia-smi lists, a line per device, or why it does not: the driver may have some all the
   * same.
   */
  List<String> listing() {
    try {
      Process listing =
          new ProcessBuilder(
                  smi,
                  "--query-gpu=index,name,memory.total,driver_version",
                  "--format=csv,noheader")
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null"))
              .start();
      if (!listing.waitFor(SMI_SECONDS, TimeUnit.SECONDS)) {
        listing.destroyForcibly();
        return List.of("no answer in " + SMI_SECONDS + " s");
      }
      String text = new String(listing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      var lines = new ArrayList<>(text.lines().map(String::strip).toList());
      lines.removeIf(String::isEmpty);
      String first = lines.isEmpty() ? "nothing said" : lines.get(0);
      return listing.exitValue() == 0 && !lines.isEmpty() ? lines : List.of("failed: " + first);
    } catch (IOException e) {
      return List.of("not installed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of("interrupted");
    }
  }

  /** How PTX would reach a device from this build. */
  static String ptxRoute() {
    String route = "PTX becomes machine code by its ptxas 12.0 up to sm_90, by the driver beyond";
    try (InputStream in = Nvidia.class.getClassLoader().getResourceAsStream(JCUDA)) {
      if (in == null) {
        return "JCuda is not on the class path";
      }
      var properties = new Properties();
      properties.load(in);
      return "JCuda " + properties.getProperty("version") + " is on the class path; " + route;
    } catch (IOException e) {
      return "JCuda is on the class path, of unknown version; " + route;
    }
  }
}

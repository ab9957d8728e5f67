package spindle.sim;

import java.util.List;
import spindle.backend.Backend;
import spindle.backend.cpu.CpuBackend;
import spindle.backend.reference.ReferenceBackend;
import spindle.compile.Jvm;

/** Finds a backend by name. */
public final class Backends {
  private Backends() {}

  /** The names {@link #named} takes. */
  public static List<String> names() {
    return List.of("auto", "cpu", "reference");
  }

  /**
   * The backend with this name.
   *
   * @throws IllegalArgumentException naming the known ones
   */
  public static Backend named(String name) {
    return named(name, 1);
  }

  /** The backend with this name, a program of which is shared by some threads. */
  public static Backend named(String name, int threads) {
    return switch (name) {
      case "auto", "cpu" -> new CpuBackend(Jvm.preferred(), threads);
      case "reference" -> new ReferenceBackend();
      default ->
          throw new IllegalArgumentException("no backend \"" + name + "\"; known: " + names());
    };
  }

  /** Why {@code auto} takes what it takes, in one line. */
  public static String choice() {
    String vectors =
        Jvm.hasVectors()
            ? "jdk.incubator.vector is present"
            : "jdk.incubator.vector is absent (add --add-modules=jdk.incubator.vector)";
    return new CpuBackend().device() + ": " + vectors + ", JDK " + Runtime.version().feature();
  }
}

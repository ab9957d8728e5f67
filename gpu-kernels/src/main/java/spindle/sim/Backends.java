package spindle.sim;

import java.util.ArrayList;
import java.util.List;
import spindle.backend.Backend;
import spindle.backend.cpu.CpuBackend;
import spindle.backend.cuda.CudaBackend;
import spindle.backend.cuda.Devices;
import spindle.backend.reference.ReferenceBackend;
import spindle.compile.Jvm;
import spindle.compile.Mode;
import spindle.ir.DType;
import spindle.ir.Rows;

/** Finds a backend by name. */
public final class Backends {
  private static final String AUTO = "auto";
  private static final String CUDA = "cuda";

  private Backends() {}

  /** Every backend that runs on this machine, the one that {@code auto} takes first. */
  public static List<Backend> all() {
    var all = new ArrayList<>(host(1));
    Devices.all().forEach(d -> all.add(new CudaBackend(d)));
    return all;
  }

  private static List<Backend> host(int threads) {
    return List.of(new CpuBackend(threads), new ReferenceBackend());
  }

  /** The names {@link #named} takes, beside {@code cuda:1}, {@code cuda:GPU-...} and so on. */
  public static List<String> names() {
    return List.of(AUTO, "cpu", CUDA, "reference");
  }

  /** Why a backend cannot be used on this machine, in a line; empty if it can. */
  public static String missing(String name) {
    return isCuda(name) ? Devices.missing() : "";
  }

  private static boolean isCuda(String name) {
    return name.equals(CUDA) || name.startsWith(onDevice(""));
  }

  /** The name of the backend on a GPU, by its UUID or the driver's number. */
  public static String onDevice(String address) {
    return CUDA + ":" + address;
  }

  /**
   * The backend with this name; {@code auto} takes no GPU that nobody assigned.
   *
   * @throws IllegalArgumentException naming the known ones, or why it cannot be used here
   */
  public static Backend named(String name) {
    return named(name, 1);
  }

  /** The backend with this name, a program of which is shared by some threads. */
  public static Backend named(String name, int threads) {
    if (isCuda(name)) {
      return cuda(name);
    }
    return host(threads).stream()
        .filter(b -> name.equals(AUTO) || name.equals(b.name()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no backend \"" + name + "\"; known: " + names()));
  }

  private static Backend cuda(String name) {
    String why = Devices.missing();
    if (!why.isEmpty()) {
      throw new IllegalArgumentException("backend " + name + " cannot be used here: " + why);
    }
    return Devices.all().stream()
        .filter(d -> name.equals(CUDA) || d.is(name.substring(onDevice("").length())))
        .findFirst()
        .map(CudaBackend::new)
        .orElseThrow(
            () -> new IllegalArgumentException("no device " + name + "; found: " + Devices.all()));
  }

  /**
   * Whether the rows of a projection would be regenerated here rather than stored.
   *
   * @param posts number of columns
   */
  public static boolean regenerates(Rows.Storage storage, int posts) {
    return CpuBackend.regenerates(storage, posts, Jvm.preferred());
  }

  /** Whether long loops over neurons are written with vectors on this JVM. */
  public static boolean hasVectors() {
    return Jvm.preferred() != Mode.PLAIN;
  }

  /** Size of a stored synapse of a projection with one weight [B]. */
  public static int synapseBytes(int posts, DType state) {
    return CpuBackend.synapseBytes(posts, state);
  }

  /** Why {@code auto} takes what it takes, in one line. */
  public static String choice() {
    Backend taken = named(AUTO);
    return taken.device() + "; " + gpu() + "; " + mode();
  }

  private static String gpu() {
    return Devices.missing().isEmpty()
        ? "a GPU is taken where Spark assigns one to the task, or by execution.backend: cuda"
        : Devices.missing();
  }

  /** Why loops are written as they are. */
  private static String mode() {
    int jdk = Runtime.version().feature();
    if (Jvm.preferred() == Mode.VECTOR) {
      return "JDK " + jdk + " has jdk.incubator.vector on";
    }
    if (Jvm.preferred() == Mode.LONG) {
      return "vectors serve all bodies from JDK " + Jvm.VECTORS_FROM + " on, this is " + jdk;
    }
    String wish = System.getProperty(Jvm.MODE_PROPERTY, "");
    if (wish.equals("plain")) {
      return "plain loops were asked for by " + Jvm.MODE_PROPERTY;
    }
    return "jdk.incubator.vector is off (add --add-modules=jdk.incubator.vector)";
  }
}

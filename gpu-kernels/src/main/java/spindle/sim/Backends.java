package spindle.sim;

import java.util.ArrayList;
import java.util.List;
import spindle.backend.Backend;
import spindle.backend.cpu.CpuBackend;
import spindle.backend.reference.ReferenceBackend;
import spindle.compile.Jvm;
import spindle.compile.Mode;
import spindle.ir.DType;
import spindle.ir.Rows;

/** Finds a backend by name. */
public final class Backends {
  private static final String AUTO = "auto";

  private Backends() {}

  /** Every backend of this build, the one that {@code auto} takes first. */
  public static List<Backend> all() {
    return all(1);
  }

  private static List<Backend> all(int threads) {
    return List.of(new CpuBackend(threads), new ReferenceBackend());
  }

  /** The names {@link #named} takes. */
  public static List<String> names() {
    var names = new ArrayList<String>();
    names.add(AUTO);
    all().forEach(b -> names.add(b.name()));
    return names;
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
    return all(threads).stream()
        .filter(b -> name.equals(AUTO) || name.equals(b.name()))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no backend \"" + name + "\"; known: " + names()));
  }

  /**
   * Whether the rows of a projection would be regenerated here rather than stored.
   *
   * @param posts number of columns
   */
  public static boolean regenerates(Rows.Storage storage, int posts) {
    return CpuBackend.regenerates(storage, posts, Jvm.preferred());
  }

  /** Size of a stored synapse of a projection with one weight [B]. */
  public static int synapseBytes(int posts, DType state) {
    return CpuBackend.synapseBytes(posts, state);
  }

  /** Why {@code auto} takes what it takes, in one line. */
  public static String choice() {
    Backend taken = named(AUTO);
    return taken.device() + "; this build has no other but the slow reference; " + mode();
  }

  /** Why loops are written as they are. */
  private static String mode() {
    int jdk = Runtime.version().feature();
    if (Jvm.preferred() == Mode.VECTOR) {
      return "JDK " + jdk + " has jdk.incubator.vector on";
    }
    if (Jvm.preferred() == Mode.LONG) {
      return "vectors serve short bodies from JDK " + Jvm.VECTORS_FROM + " on, this is " + jdk;
    }
    String wish = System.getProperty(Jvm.MODE_PROPERTY, "");
    if (wish.equals("plain")) {
      return "plain loops were asked for by " + Jvm.MODE_PROPERTY;
    }
    return "jdk.incubator.vector is off (add --add-modules=jdk.incubator.vector)";
  }
}

package spindle.backend.cuda;

import java.util.List;
import java.util.stream.IntStream;

/** The GPUs of this machine, looked for once per process. */
public final class Devices {
  /** JCuda binds symbols that older drivers lack, and a missing one would end the JVM. */
  private static final int OLDEST_DRIVER = 12000;

  private static final int OLDEST_CAPABILITY = 60;
  private static final String DRIVER = "libcuda.so.1";
  private static final String LOADER = "java.lang.UnsatisfiedLinkError: ";

  private static volatile String lost = "";

  private Devices() {}

  /**
   * What was found.
   *
   * @param usable in the driver's order
   * @param missing why there is none, in a line; empty where there is one
   */
  private record Found(List<Device> usable, String missing) {}

  private static final class Once {
    static final Found FOUND = look();
  }

  /** The usable devices, in the driver's order. */
  public static List<Device> all() {
    return Once.FOUND.usable();
  }

  /** Why there is no usable device, in a line; empty where there is one. */
  public static String missing() {
    return Once.FOUND.missing();
  }

  /**
   * Why this process can use its GPUs no more, in a line; empty while it can. The driver takes a
   * context with it whose kernel went wrong, and gives the process no other.
   */
  public static String lost() {
    return lost;
  }

  static void hear(CudaError error) {
    if (error.isFatal() && lost.isEmpty()) {
      lost = error.getMessage();
    }
  }

  private static Found look() {
    try {
      return devices(Driver.start());
    } catch (CudaError e) {
      return nothing("the NVIDIA driver finds no usable GPU (" + e.getMessage() + ")");
    } catch (LinkageError e) {
      return nothing(unlinked(e));
    }
  }

  /** What the loader says in the end, in a line: JCuda's own message is a page long. */
  private static String unlinked(LinkageError e) {
    String message = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
    String said =
        message.lines().filter(l -> l.startsWith(LOADER + "/")).reduce("", (before, l) -> l);
    if (said.contains(DRIVER + ": cannot open shared object file")) {
      return "no NVIDIA driver: " + DRIVER + " cannot be loaded";
    }
    String cause =
        said.isEmpty()
            ? message.lines().findFirst().orElse("")
            : said.substring(said.lastIndexOf('/') + 1);
    return "JCuda cannot be loaded: " + cause;
  }

  private static Found devices(int driver) {
    if (driver < OLDEST_DRIVER) {
      return nothing(
          "the NVIDIA driver supports CUDA "
              + driver / 1000
              + "."
              + driver % 1000 / 10
              + ", 12.0 or newer is needed (driver 525)");
    }
    List<Device> all =
        IntStream.range(0, Driver.devices()).mapToObj(i -> Device.of(i, driver)).toList();
    List<Device> usable = all.stream().filter(d -> d.capability() >= OLDEST_CAPABILITY).toList();
    if (usable.isEmpty()) {
      return nothing(
          all.isEmpty()
              ? "the NVIDIA driver finds no GPU"
              : "compute capability 6.0 is needed, there is only " + all.get(0));
    }
    return new Found(usable, "");
  }

  private static Found nothing(String why) {
    return new Found(List.of(), why);
  }
}

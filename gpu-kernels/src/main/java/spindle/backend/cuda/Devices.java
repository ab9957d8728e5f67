package spindle.backend.cuda;

import java.util.List;
import java.util.stream.IntStream;

/** The GPUs of this machine, looked for once per process. */
public final class Devices {
  /** JCuda binds symbols that older drivers lack, and a missing one would end the JVM. */
  private static final int OLDEST_DRIVER = 12000;

  private static final int OLDEST_CAPABILITY = 60;

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
      // JCuda's own message is a page long.
      return nothing("no NVIDIA driver: libcuda.so.1 cannot be loaded");
    }
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

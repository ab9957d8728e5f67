package spindle.backend.cuda;

import java.util.HexFormat;

/**
 * A GPU.
 *
 * @param ordinal number by which the driver knows it
 * @param uuid by which nvidia-smi and cluster managers know it: {@code GPU-}, then hexadecimal
 * @param name as the driver gives it
 * @param driver version of CUDA that the driver supports, as in 12060 for 12.6
 * @param capability compute capability, as in 90 for 9.0
 * @param threads most threads per block
 * @param multiprocessors number of multiprocessors
 * @param sharedBytes most shared memory of a block, on request [B]
 * @param bytes memory [B]
 */
public record Device(
    int ordinal,
    String uuid,
    String name,
    int driver,
    int capability,
    int threads,
    int multiprocessors,
    int sharedBytes,
    long bytes) {
  // As numbered by CUdevice_attribute.
  private static final int MOST_THREADS = 1;
  private static final int MULTIPROCESSORS = 16;
  private static final int MAJOR = 75;
  private static final int MINOR = 76;
  private static final int SHARED_ON_REQUEST = 97;

  static Device of(int ordinal, int driver) {
    return new Device(
        ordinal,
        uuid(Driver.uuid(ordinal)),
        Driver.name(ordinal),
        driver,
        10 * Driver.attribute(ordinal, MAJOR) + Driver.attribute(ordinal, MINOR),
        Driver.attribute(ordinal, MOST_THREADS),
        Driver.attribute(ordinal, MULTIPROCESSORS),
        Driver.attribute(ordinal, SHARED_ON_REQUEST),
        Driver.totalBytes(ordinal));
  }

  /** Whether blocks can be launched in clusters, with a barrier of their own. */
  boolean hasClusters() {
    return capability >= 90;
  }

  /** As nvidia-smi writes it. */
  private static String uuid(byte[] bytes) {
    String digits = HexFormat.of().formatHex(bytes);
    return "GPU-" + digits.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.*)", "$1-$2-$3-$4-$5");
  }

  /** Whether this is how it was addressed: by its UUID or the driver's number. */
  public boolean is(String address) {
    return address.equalsIgnoreCase(uuid) || address.equals(Integer.toString(ordinal));
  }

  /** Its name and what the driver supports, for people. */
  @Override
  public String toString() {
    return String.format(
        "cuda:%d %s, compute capability %d.%d, driver for CUDA %d.%d",
        ordinal, name, capability / 10, capability % 10, driver / 1000, driver % 1000 / 10);
  }
}

package spindle.backend.cuda;

import java.util.Set;

/** A call of the CUDA driver that failed. */
public final class CudaError extends RuntimeException {
  private static final int OUT_OF_MEMORY = 2;

  /**
   * By cuda.h: a driver or context that is gone, a device that is not there any more, memory that
   * is broken, addresses and instructions that are wrong, time-outs, and what the driver cannot
   * name.
   */
  private static final Set<Integer> STICKY =
      Set.of(4, 46, 201, 214, 700, 702, 709, 710, 714, 715, 716, 717, 718, 719, 999);

  private final int code;

  CudaError(String call, int code, String text) {
    super(call + ": CUDA error " + code + ", " + text);
    this.code = code;
  }

  /** The CUresult. */
  public int code() {
    return code;
  }

  /** Whether the device has no room left. */
  public boolean isOutOfMemory() {
    return code == OUT_OF_MEMORY;
  }

  /** Whether the context is lost, so that only a new process can use the device again. */
  public boolean isFatal() {
    return STICKY.contains(code);
  }
}

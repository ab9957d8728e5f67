package spindle.backend.cuda;

/** A call of the CUDA driver that failed. */
public final class CudaError extends RuntimeException {
  private static final int OUT_OF_MEMORY = 2;
  private static final int FIRST_STICKY = 700;
  private static final int LAST_STICKY = 720;

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
    return code >= FIRST_STICKY && code < LAST_STICKY;
  }
}

package spindle.backend.cuda;

/** How many trials a device takes side by side: a model of its memory and its multiprocessors. */
public final class Room {
  /** Of what is free: predictions are rough, and the device may have other users. */
  private static final double SHARE = 0.6;

  /** Each trial is told by a thread of its own. */
  private static final int MOST = 512;

  private Room() {}

  /**
   * How many trials are worth to be run side by side; at least 1.
   *
   * @param bytesEach predicted device memory of a trial [B]
   */
  public static int of(Device device, double bytesEach) {
    int blocks = Launches.BLOCKS_EACH * device.multiprocessors();
    double fit = SHARE * Pack.freeBytes(device) / Math.max(1, bytesEach);
    return (int) Math.max(1, Math.min(fit, Math.min(MOST, blocks)));
  }
}

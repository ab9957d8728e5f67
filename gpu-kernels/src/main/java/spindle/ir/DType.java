package spindle.ir;

/** The element type of a value. */
public enum DType {
  /** IEEE binary32. */
  F32(4),
  /** IEEE binary64. */
  F64(8),
  /** Two's complement 32-bit integer, arithmetic modulo 2^32. */
  I32(4),
  /** An ascending list of indices: the neurons of a population that spiked. */
  EVENTS(4);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Size of one element [B]. */
  public int bytes() {
    return bytes;
  }

  /** Whether this is one of the two floating-point types. */
  public boolean isFloat() {
    return this == F32 || this == F64;
  }
}

package spindle.ir;

/**
 * The type of a value: a scalar or a vector with one element per neuron.
 *
 * @param dtype element type
 * @param length number of elements, {@link #SCALAR} for a scalar
 */
public record Type(DType dtype, int length) {
  /** The length of a scalar; a vector of length 1 is not a scalar. */
  public static final int SCALAR = -1;

  public Type {
    if (length < SCALAR) {
      throw new IllegalArgumentException("length must be >= 0 or SCALAR, got " + length);
    }
    if (dtype == DType.EVENTS && length == SCALAR) {
      throw new IllegalArgumentException("events need the size of their population");
    }
  }

  /** A scalar type. */
  public static Type scalar(DType dtype) {
    return new Type(dtype, SCALAR);
  }

  /** A vector type. */
  public static Type vector(DType dtype, int length) {
    return new Type(dtype, length);
  }

  /** Whether this is a scalar. */
  public boolean isScalar() {
    return length == SCALAR;
  }

  /** Number of elements that are held in memory. */
  public int size() {
    return isScalar() ? 1 : length;
  }

  /** The same shape with another element type. */
  public Type as(DType other) {
    return new Type(other, length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Type t && dtype == t.dtype && length == t.length;
  }

  @Override
  public int hashCode() {
    return dtype.hashCode() * 31 + length;
  }

  @Override
  public String toString() {
    String name = dtype.name().toLowerCase(java.util.Locale.ROOT);
    return isScalar() ? name : name + "[" + length + "]";
  }
}

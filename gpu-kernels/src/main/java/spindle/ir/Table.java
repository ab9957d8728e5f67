package spindle.ir;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Numbers that a row loop looks up by index: i32 or f32, given once and never changed. */
public final class Table {
  private static final int CHUNK = 1 << 14;

  private final Object values;
  private final int length;
  private final int hash;

  private Table(Object values, int length, int hash) {
    this.values = values;
    this.length = length;
    this.hash = hash;
  }

  /** A copy of some integers. */
  public static Table of(int[] values) {
    return new Table(values.clone(), values.length, Arrays.hashCode(values));
  }

  /** A copy of some floats. */
  public static Table of(float[] values) {
    return new Table(values.clone(), values.length, Arrays.hashCode(values));
  }

  /** Number of elements. */
  public int length() {
    return length;
  }

  /** Type as a vector. */
  public Type type() {
    return Type.vector(values instanceof int[] ? DType.I32 : DType.F32, length);
  }

  /** Element i. */
  public double at(int i) {
    return values instanceof int[] v ? v[i] : ((float[]) values)[i];
  }

  /** The {@code int[]} or {@code float[]} itself, which nobody may change. */
  public Object shared() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Table t && (values == t.values || (hash == t.hash && holds(t.values)));
  }

  private boolean holds(Object other) {
    if (values instanceof int[] mine) {
      return other instanceof int[] theirs && Arrays.equals(mine, theirs);
    }
    return other instanceof float[] theirs && Arrays.equals((float[]) values, theirs);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Type and SHA-256: equal tables, and only they, read the same. */
  @Override
  public String toString() {
    var sha = new Sha256();
    var bytes = ByteBuffer.allocate(Integer.BYTES * CHUNK);
    for (int from = 0; from < length; from += CHUNK) {
      int count = Math.min(CHUNK, length - from);
      bytes.clear();
      if (values instanceof int[] v) {
        bytes.asIntBuffer().put(v, from, count);
      } else {
        bytes.asFloatBuffer().put((float[]) values, from, count);
      }
      sha.add(bytes.array(), Integer.BYTES * count);
    }
    return type() + " " + sha.hex();
  }
}

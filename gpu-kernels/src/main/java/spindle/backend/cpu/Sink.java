package spindle.backend.cpu;

import java.util.Arrays;

/**
 * Where products with events are added: an array, or a ring in which the first element moves. The
 * element behind the first by i is at {@code (from + i) & mask}.
 */
final class Sink {
  private final Object array;
  private final int batch;
  private final int mask;
  private int from;

  private Sink(Object array, int batch, int mask) {
    this.array = array;
    this.batch = batch;
    this.mask = mask;
  }

  /**
   * An array.
   *
   * @param array {@code float[]} or {@code double[]}
   * @param batch elements per neuron
   */
  static Sink of(Object array, int batch) {
    return new Sink(array, batch, -1);
  }

  /** A ring of zeros with at least {@code length} elements of the type of another array. */
  static Sink ring(Object like, int length, int batch) {
    int size = Math.max(1, Integer.highestOneBit(Math.max(1, 2 * length - 1)));
    Object array = like instanceof float[] ? new float[size] : new double[size];
    return new Sink(array, batch, size - 1);
  }

  Object array() {
    return array;
  }

  int batch() {
    return batch;
  }

  int mask() {
    return mask;
  }

  /** Whether this is an array. */
  boolean isPlain() {
    return mask == -1;
  }

  /** The first element now. */
  int from() {
    return from;
  }

  /** Moves the first element of a ring. */
  void move(int by) {
    from = (from + by) & mask;
  }

  /** Copies elements of a ring from the one behind the first by {@code at} on, and leaves zeros. */
  void take(int at, Object to, int length) {
    int begin = (from + at) & mask;
    int straight = Math.min(length, mask + 1 - begin);
    take(begin, to, 0, straight);
    take(0, to, straight, length - straight);
  }

  private void take(int at, Object to, int first, int length) {
    System.arraycopy(array, at, to, first, length);
    if (array instanceof float[] f) {
      Arrays.fill(f, at, at + length, 0);
    } else {
      Arrays.fill((double[]) array, at, at + length, 0);
    }
  }

  /** Memory held [B]. */
  long bytes() {
    return array instanceof float[] f ? 4L * f.length : 8L * ((double[]) array).length;
  }
}

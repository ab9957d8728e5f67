package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.Arrays;

/** Passes over whole arrays of either float type. */
final class Vectors {
  private Vectors() {}

  /** Sums that underflowed to -0 become 0, so that it does not matter what was added as 0. */
  static void positiveZeros(Object target, int length) {
    if (target instanceof float[] f) {
      for (int i = 0; i < length; i++) {
        f[i] += 0f;
      }
      return;
    }
    var d = (double[]) target;
    for (int i = 0; i < length; i++) {
      d[i] += 0.0;
    }
  }

  /** Whether an element of {@code [from, to)} is NaN. */
  static boolean anyNaN(Object target, int from, int to) {
    int i = from;
    if (target instanceof float[] f) {
      while (i < to && !Float.isNaN(f[i])) {
        i++;
      }
      return i < to;
    }
    var d = (double[]) target;
    while (i < to && !Double.isNaN(d[i])) {
      i++;
    }
    return i < to;
  }

  /** Whether one of so many elements is -0. */
  static boolean anyNegativeZero(Object x, int length) {
    boolean any = false;
    if (x instanceof float[] f) {
      for (int i = 0; i < length; i++) {
        any |= Float.floatToRawIntBits(f[i]) == Integer.MIN_VALUE;
      }
    } else {
      var d = (double[]) x;
      for (int i = 0; i < length; i++) {
        any |= Double.doubleToRawLongBits(d[i]) == Long.MIN_VALUE;
      }
    }
    return any;
  }

  /** Whether none of so many elements is NaN or infinite. */
  static boolean isFinite(Object x, int length) {
    int i = 0;
    if (x instanceof float[] f) {
      while (i < length && Float.isFinite(f[i])) {
        i++;
      }
    } else {
      var d = (double[]) x;
      while (i < length && Double.isFinite(d[i])) {
        i++;
      }
    }
    return i == length;
  }

  /** Writes 0 to all elements. */
  static void zero(Object target) {
    zero(target, 0, Array.getLength(target));
  }

  /** Writes 0 to elements {@code [from, to)}. */
  static void zero(Object target, int from, int to) {
    if (target instanceof float[] f) {
      Arrays.fill(f, from, to, 0);
    } else {
      Arrays.fill((double[]) target, from, to, 0);
    }
  }

  /** Adds one array to another of its type. */
  static void add(Object from, Object to, int length) {
    if (from instanceof float[] f) {
      var sums = (float[]) to;
      for (int i = 0; i < length; i++) {
        sums[i] += f[i];
      }
      return;
    }
    var d = (double[]) from;
    var sums = (double[]) to;
    for (int i = 0; i < length; i++) {
      sums[i] += d[i];
    }
  }
}

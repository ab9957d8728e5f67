package spindle.backend.cpu;

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

  /** Whether all elements are finite. */
  static boolean allFinite(float[] x) {
    int i = 0;
    while (i < x.length && Float.isFinite(x[i])) {
      i++;
    }
    return i == x.length;
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

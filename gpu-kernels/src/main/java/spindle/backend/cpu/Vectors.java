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

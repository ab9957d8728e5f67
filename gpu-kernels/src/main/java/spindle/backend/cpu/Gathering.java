package spindle.backend.cpu;

/** Reading and adding elements at computed indices, or all of them. */
final class Gathering {
  private Gathering() {}

  /** target[i] = from[index[i]]. */
  static Work pick(Object from, int[] index, int length, Object target) {
    if (from instanceof float[] f) {
      var to = (float[]) target;
      return step -> {
        for (int i = 0; i < length; i++) {
          to[i] = f[index[i]];
        }
      };
    } else if (from instanceof double[] d) {
      var to = (double[]) target;
      return step -> {
        for (int i = 0; i < length; i++) {
          to[i] = d[index[i]];
        }
      };
    }
    var ints = (int[]) from;
    var to = (int[]) target;
    return step -> {
      for (int i = 0; i < length; i++) {
        to[i] = ints[index[i]];
      }
    };
  }

  /** target = 0, then target[index[i]] += from[i] in order. */
  static Work scatter(Object from, int[] index, int length, Object target) {
    if (from instanceof float[] f) {
      var to = (float[]) target;
      return step -> {
        Vectors.zero(to);
        for (int i = 0; i < length; i++) {
          to[index[i]] += f[i];
        }
      };
    }
    var d = (double[]) from;
    var to = (double[]) target;
    return step -> {
      Vectors.zero(to);
      for (int i = 0; i < length; i++) {
        to[index[i]] += d[i];
      }
    };
  }

  /** scalars[slot] = the sum of a vector, from left to right. */
  static Work total(Object vector, int length, double[] scalars, int slot) {
    if (vector instanceof float[] f) {
      return step -> {
        float sum = 0;
        for (int i = 0; i < length; i++) {
          sum += f[i];
        }
        scalars[slot] = sum;
      };
    }
    var d = (double[]) vector;
    return step -> {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += d[i];
      }
      scalars[slot] = sum;
    };
  }
}

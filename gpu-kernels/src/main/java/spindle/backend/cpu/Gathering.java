package spindle.backend.cpu;

import java.lang.reflect.Array;

/** Copying and adding elements, at computed indices, in a row, or all of them. */
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

  /** The vector at an offset of a longer one that is 0 elsewhere. */
  static Work pad(Object vector, int length, int offset, Object target) {
    return step -> {
      Vectors.zero(target);
      System.arraycopy(vector, 0, target, offset, length);
    };
  }

  /** All of an array, to one of its length. */
  static Work copy(Object from, Object to) {
    int length = Array.getLength(to);
    return step -> System.arraycopy(from, 0, to, 0, length);
  }
}

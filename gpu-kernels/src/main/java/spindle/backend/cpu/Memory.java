package spindle.backend.cpu;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import spindle.compile.Events;
import spindle.compile.Layout;
import spindle.compile.RowLoop;
import spindle.ir.DType;
import spindle.ir.Type;

/**
 * The arrays and scalars of one executable.
 *
 * @param arrays {@code float[]}, {@code double[]}, {@code int[]}, {@code short[]} or {@link Events}
 * @param scalars slots
 * @param events the arrays that are {@link Events}
 */
record Memory(Object[] arrays, double[] scalars, Events[] events) {
  /** Vectors are padded to whole cache lines of every lane count, so loops need no tail. */
  private static final int PADDING = 64;

  /** Bytes whose addresses agree in the bits by which a processor compares loads with stores. */
  private static final int PAGE = 4096;

  /**
   * Bytes by which an array starts behind the last one, but for whole pages. A vector of one array
   * that lies a little less than a page behind one just written of another waits for it in vain.
   */
  private static final int STAGGER = 896;

  private static final int HEADER = 16;

  /** Elements behind those of an array that each thread has for itself: no cache line is shared. */
  private static final int SPARE = 2 * RowLoop.SPILLS;

  /**
   * Elements of a large array of floats before the first that begins a cache line, where the
   * collector gives such an array regions of its own, as G1 and ZGC do.
   */
  static final int LINE = (64 - HEADER) / Float.BYTES;

  /**
   * @param threads how many may need {@link #spare} elements
   * @param kept variables that are not kept as numbered
   */
  static Memory of(Layout layout, int threads, Map<String, ? extends Kept> kept) {
    int spare = SPARE * threads;
    var arrays = new Object[layout.arrays().size()];
    int[] lengths = layout.arrays().stream().mapToInt(Type::length).toArray();
    kept.forEach(
        (variable, order) -> {
          int i = layout.variables().get(variable);
          lengths[i] = order.size(lengths[i]);
        });
    List<Events> events = new ArrayList<>();
    for (int i = 0; i < arrays.length; i++) {
      Type type = layout.arrays().get(i);
      if (type.dtype() != DType.EVENTS) {
        arrays[i] =
            layout.isCount(i)
                ? new short[room(Math.addExact(lengths[i], spare), Short.BYTES)]
                : array(type.dtype(), lengths[i], spare);
      }
    }
    for (int i = 0; i < arrays.length; i++) {
      if (arrays[i] == null) {
        Events list = new Events(layout.arrays().get(i).length());
        arrays[i] = list;
        events.add(list);
      }
    }
    return new Memory(arrays, new double[layout.slotCount()], events.toArray(new Events[0]));
  }

  /** The first of {@link #SPARE} elements that only one part of a stage writes and nobody reads. */
  static int spare(Object array, Share share) {
    return Array.getLength(array) - SPARE * (share.part() + 1);
  }

  /** The smallest multiple of the padding that holds {@code length} elements. */
  static int padded(int length) {
    return Math.addExact(length, PADDING - 1) / PADDING * PADDING;
  }

  private static Object array(DType dtype, int length, int spare) {
    return switch (dtype) {
      case F32 -> new float[room(Math.addExact(length, spare), Float.BYTES)];
      case F64 -> new double[room(Math.addExact(length, spare), Double.BYTES)];
      case I32 -> new int[room(length, Integer.BYTES)];
      case EVENTS -> throw new IllegalArgumentException("events are no array");
    };
  }

  /** Elements of some bytes to make room for, so that what is made next lies well. */
  private static int room(int length, int bytes) {
    long size = (long) padded(length) * bytes;
    long gap = size < PAGE ? 0 : Math.floorMod(STAGGER - HEADER - size, PAGE);
    return Math.toIntExact((size + gap) / bytes);
  }

  double element(int array, int index) {
    Object a = arrays[array];
    if (a instanceof float[] f) {
      return f[index];
    }
    return a instanceof double[] d ? d[index] : ((int[]) a)[index];
  }

  void set(int array, int index, double value) {
    Object a = arrays[array];
    if (a instanceof float[] f) {
      f[index] = (float) value;
    } else if (a instanceof double[] d) {
      d[index] = value;
    } else {
      ((int[]) a)[index] = (int) value;
    }
  }

  /** Whether none of so many elements is NaN or infinite. */
  boolean isFinite(int array, int length) {
    return arrays[array] instanceof int[] || Vectors.isFinite(arrays[array], length);
  }

  long bytes() {
    long sum = 8L * scalars.length;
    for (Object a : arrays) {
      sum += a instanceof float[] f ? 4L * f.length : 0;
      sum += a instanceof double[] d ? 8L * d.length : 0;
      sum += a instanceof int[] i ? 4L * i.length : 0;
      sum += a instanceof short[] s ? 2L * s.length : 0;
      sum += a instanceof Events e ? e.madeBytes() : 0;
    }
    return sum;
  }
}

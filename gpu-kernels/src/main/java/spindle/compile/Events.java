package spindle.compile;

import java.util.Arrays;

/** A growing list of the indices that spiked in one step, ascending. */
public final class Events {
  private static final float[] ZEROS = new float[4096];

  private final int population;
  private int[] indices;
  private long[] marks = new long[0];
  private int count;

  public Events(int population) {
    this.population = population;
    indices = new int[room()];
  }

  private int room() {
    return Math.max(16, population / 16);
  }

  /** Memory of a new list without marks [B]: how far it grows depends on how loops are written. */
  public long madeBytes() {
    return (long) Integer.BYTES * room();
  }

  /** Number of events. */
  public int count() {
    return count;
  }

  /** The indices; only the first {@link #count()} hold. */
  public int[] indices() {
    return indices;
  }

  /** Forgets all events. */
  public void clear() {
    count = 0;
  }

  /** Becomes a copy of another list. */
  public void copy(Events other) {
    if (indices.length < other.count) {
      // How far the other has grown depends on how the loops are written that fill it.
      indices = new int[Math.max(2 * indices.length, other.count)];
    }
    System.arraycopy(other.indices, 0, indices, 0, other.count);
    count = other.count;
  }

  /** Adds one index. */
  public void add(int index) {
    if (count == indices.length) {
      indices = Arrays.copyOf(indices, 2 * count);
    }
    indices[count++] = index;
  }

  /** Makes room for the marks of at least so many elements. */
  public void makeMarks(int elements) {
    marks = new long[(elements + Long.SIZE - 1) / Long.SIZE];
  }

  /** What takes marks, 64 elements to a word, the first in the lowest bit. */
  public long[] marks() {
    return marks;
  }

  /**
   * Adds the marked elements of {@code [from, to)}, both multiples of 64, without those of the
   * padding behind the last neuron.
   */
  public void addMarks(int from, int to) {
    if (count + to - from >= indices.length) {
      indices = Arrays.copyOf(indices, count + Math.max(count, to - from + 1));
    }
    int n = list(marks, from / Long.SIZE, to / Long.SIZE, indices, count);
    while (n > 0 && indices[n - 1] >= population) {
      n--;
    }
    count = n;
  }

  /** A method of its own, which leaves the compiler enough registers. */
  private static int list(long[] marks, int from, int to, int[] list, int count) {
    int n = count;
    for (int w = from; w < to; w++) {
      long set = marks[w];
      // Whether there is a first one is hard to foresee: it is written in any case.
      list[n] = w * Long.SIZE + Long.numberOfTrailingZeros(set);
      n += (int) ((set | -set) >>> (Long.SIZE - 1));
      for (long rest = set & (set - 1); rest != 0; rest &= rest - 1) {
        list[n++] = w * Long.SIZE + Long.numberOfTrailingZeros(rest);
      }
    }
    return n;
  }

  /** Adds where {@code mask} is above 0. */
  public void addWhere(float[] mask, int from, int to) {
    // Arrays.mismatch is an intrinsic that compares 64 bytes at a time; -0 also stops it.
    for (int block = from; block < to; block += ZEROS.length) {
      int end = Math.min(to, block + ZEROS.length);
      for (int i = block; i < end; i++) {
        int skip = Arrays.mismatch(mask, i, end, ZEROS, 0, end - i);
        if (skip < 0) {
          break;
        }
        i += skip;
        if (mask[i] > 0) {
          add(i);
        }
      }
    }
  }

  /** Adds where a mask of ones and zeros is 1, no matter how often: without a branch. */
  void addOnes(float[] mask, int from, int to) {
    if (count + to - from >= indices.length) {
      indices = Arrays.copyOf(indices, count + to - from + 1);
    }
    int[] list = indices;
    int n = count;
    for (int i = from; i < to; i++) {
      list[n] = i;
      n += (int) mask[i];
    }
    count = n;
  }

  /** Adds where {@code mask} is above 0. */
  public void addWhere(double[] mask, int from, int to) {
    for (int i = from; i < to; i++) {
      if (mask[i] > 0) {
        add(i);
      }
    }
  }

  /** Adds the events of another list that lie in {@code [from, to)}, renumbered from 0. */
  public void addRange(Events other, int from, int to) {
    int begin = other.lower(from);
    int end = Math.max(begin, other.lower(to));
    if (count + end - begin > indices.length) {
      indices = Arrays.copyOf(indices, Math.max(2 * count, count + end - begin));
    }
    int first = count;
    count += end - begin;
    System.arraycopy(other.indices, begin, indices, first, count - first);
    for (int k = first; from > 0 && k < count; k++) {
      indices[k] -= from;
    }
  }

  /** The place of the first event at or above an index. */
  private int lower(int index) {
    if (index <= 0 || count == 0 || indices[count - 1] < index) {
      return index <= 0 ? 0 : count;
    }
    int at = Arrays.binarySearch(indices, 0, count, index);
    return at < 0 ? -at - 1 : at;
  }
}

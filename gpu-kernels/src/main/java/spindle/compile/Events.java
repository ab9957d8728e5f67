package spindle.compile;

import java.util.Arrays;

/** A growing list of the indices that spiked in one step, ascending. */
public final class Events {
  private int[] indices;
  private int count;

  public Events(int population) {
    indices = new int[Math.max(16, population / 16)];
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

  /** Adds one index. */
  public void add(int index) {
    if (count == indices.length) {
      indices = Arrays.copyOf(indices, 2 * count);
    }
    indices[count++] = index;
  }

  /** Adds {@code base + k} for each bit k of a vector mask. */
  public void addBits(long bits, int base) {
    for (long rest = bits; rest != 0; rest &= rest - 1) {
      add(base + Long.numberOfTrailingZeros(rest));
    }
  }

  /** Adds where {@code mask} is not 0; {@code zeros} is at least as long and holds zeros. */
  public void addWhere(float[] mask, float[] zeros, int from, int to) {
    // Arrays.mismatch is an intrinsic that compares 64 bytes at a time; -0 also stops it.
    for (int i = from; i < to; i++) {
      int skip = Arrays.mismatch(mask, i, to, zeros, i, to);
      if (skip < 0) {
        return;
      }
      i += skip;
      if (mask[i] != 0) {
        add(i);
      }
    }
  }

  /** Adds where {@code mask} is not 0. */
  public void addWhere(double[] mask, double[] zeros, int from, int to) {
    for (int i = from; i < to; i++) {
      int skip = Arrays.mismatch(mask, i, to, zeros, i, to);
      if (skip < 0) {
        return;
      }
      i += skip;
      if (mask[i] != 0) {
        add(i);
      }
    }
  }

  /** Adds the events of another list that lie in {@code [from, to)}, renumbered from 0. */
  public void addRange(Events other, int from, int to) {
    for (int k = 0; k < other.count; k++) {
      int i = other.indices[k];
      if (i >= from && i < to) {
        add(i - from);
      }
    }
  }

  /** Drops indices at or above {@code limit}: padding behind the last neuron. */
  public void trim(int limit) {
    while (count > 0 && indices[count - 1] >= limit) {
      count--;
    }
  }
}

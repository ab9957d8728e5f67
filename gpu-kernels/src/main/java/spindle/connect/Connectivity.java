package spindle.connect;

import java.util.Map;
import spindle.ir.Rows;

/** Which neurons are connected, and with which weights where they differ. */
public interface Connectivity {
  /** Number of presynaptic neurons. */
  int pre();

  /** Number of postsynaptic neurons. */
  int post();

  /** The row loop; {@code name} prefixes its parameters. */
  Rows rows(String name, Rows.Storage storage);

  /** The values of the row loop's parameters under a seed. */
  Map<String, Double> arguments(String name, long seed);

  /** Expected number of synapses. */
  double expectedSynapses();

  /** Refuses so many columns that a step beyond the last would overflow. */
  static void requireColumns(int columns) {
    if (columns > 1 << 30) {
      throw new IllegalArgumentException(
          "at most 2^30 columns can be drawn, got " + columns + "; take fewer neurons");
    }
  }

  /** Elements of the longest array: a vector is padded to whole cache lines. */
  int LONGEST = Integer.MAX_VALUE - 64;

  /**
   * Refuses what the heap of this process cannot hold.
   *
   * @param what it is, in words that a verb follows
   * @param bytes that it takes at least
   * @param remedy what else one can do than to enlarge the heap
   */
  static void requireMemory(String what, double bytes, String remedy) {
    double heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap) {
      throw new IllegalArgumentException(
          "%s at least %.3g GB, and the heap has %.3g GB; %s, or enlarge the heap (-Xmx)"
              .formatted(what, bytes * 1e-9, heap * 1e-9, remedy));
    }
  }

  /** Refuses sizes that cannot index an array. */
  static void requireSizes(int pre, int post) {
    if (pre < 0 || post < 0) {
      throw new IllegalArgumentException(
          "pre and post must be >= 0, got pre=" + pre + ", post=" + post);
    }
  }
}

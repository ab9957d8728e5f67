package spindle.ir;

import java.nio.charset.StandardCharsets;

/**
 * The two key words of a stream of random numbers: a pure function of seed and stream name.
 *
 * @param k0 first word
 * @param k1 second word
 */
public record Key(int k0, int k1) {
  /** The key of a named stream under a seed. */
  public static Key of(long seed, String stream) {
    long h = 0xcbf29ce484222325L; // FNV-1a
    for (byte b : stream.getBytes(StandardCharsets.UTF_8)) {
      h = (h ^ (b & 0xff)) * 0x100000001b3L;
    }
    long mixed = mix(mix(seed) ^ h);
    return new Key((int) mixed, (int) (mixed >>> 32));
  }

  /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long mix(long x) {
    long z = x + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}

package spindle.bench;

/** FNV-1a of words, little-endian: equal results have equal texts. */
final class Fingerprint {
  private static final long PRIME = 0x100000001b3L;

  private long hash = 0xcbf29ce484222325L;

  void add(int word) {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      hash = (hash ^ (word >>> shift & 0xff)) * PRIME;
    }
  }

  /** Sixteen digits; a formatter takes a cold process longer than all the words. */
  @Override
  public String toString() {
    String digits = Long.toHexString(hash);
    return "0".repeat(16 - digits.length()) + digits;
  }
}

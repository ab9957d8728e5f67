package spindle.sweep;

import java.util.HexFormat;
import spindle.ir.Sha256;

/** What a sweep makes of SHA-256 of texts: ids, seeds, random points. One instance per thread. */
final class Hash {
  private static final HexFormat HEX = HexFormat.of();

  private final Sha256 sha256 = new Sha256();

  byte[] digest(String text) {
    return sha256.add(text).bytes();
  }

  /** The first 32 hex digits. */
  String id(String text) {
    return HEX.formatHex(digest(text), 0, 16);
  }

  /** The first 63 bits: never negative, so every reader of Parquet or JSON agrees on it. */
  long seed(String text) {
    byte[] digest = digest(text);
    long bits = 0;
    for (int i = 0; i < 8; i++) {
      bits = bits << 8 | (digest[i] & 0xff);
    }
    return bits >>> 1;
  }

  /** The first 53 bits as a number in [0, 1). */
  double uniform(String text) {
    return (seed(text) >>> 10) * 0x1.0p-53;
  }
}

package spindle.sweep;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of texts; one instance per thread. */
final class Hash {
  private static final HexFormat HEX = HexFormat.of();

  private final MessageDigest sha256;

  Hash() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  byte[] digest(String text) {
    return sha256.digest(text.getBytes(StandardCharsets.UTF_8));
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

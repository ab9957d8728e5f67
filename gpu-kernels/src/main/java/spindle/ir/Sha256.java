package spindle.ir;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of texts and bytes: every name that is a hash is made here. One instance per thread. */
public final class Sha256 {
  private final MessageDigest digest;

  /** A hash of nothing yet. */
  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The 64 hex digits of a text in UTF-8. */
  public static String hex(String text) {
    return new Sha256().add(text).hex();
  }

  /** Goes on with a text in UTF-8. */
  public Sha256 add(String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Goes on with the first {@code count} bytes. */
  public Sha256 add(byte[] bytes, int count) {
    digest.update(bytes, 0, count);
    return this;
  }

  /** The 32 bytes of all that was added; the next hash starts from nothing. */
  public byte[] bytes() {
    return digest.digest();
  }

  /** As {@link #bytes()}, in 64 hex digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }
}

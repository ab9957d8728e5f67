package spindle.train.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A source that knows its checksum once its stream was closed; what nobody read is read then. */
final class Digested implements Source {
  private final Source of;
  private final MessageDigest digest = sha256Digest();

  Digested(Source of) {
    this.of = of;
  }

  static MessageDigest sha256Digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String name() {
    return of.name();
  }

  @Override
  public InputStream open() throws IOException {
    digest.reset();
    return new FilterInputStream(new DigestInputStream(of.open(), digest)) {
      @Override
      public void close() throws IOException {
        try (InputStream rest = in) {
          rest.transferTo(OutputStream.nullOutputStream());
        }
      }
    };
  }

  /** SHA-256 of all bytes as they are stored, 64 hexadecimal digits; once. */
  String sha256() {
    return HexFormat.of().formatHex(digest.digest());
  }
}

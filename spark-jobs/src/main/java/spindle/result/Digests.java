package spindle.result;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 as the layout uses it. */
public final class Digests {
  private Digests() {}

  /** Identity of trials that run together: SHA-256 over the sorted ids, 32 hex digits. */
  public static String pack(List<String> trialIds) {
    MessageDigest sha = sha256();
    trialIds.stream().sorted().forEach(id -> sha.update(id.getBytes(StandardCharsets.UTF_8)));
    return hex(sha).substring(0, 32);
  }

  /** SHA-256 of a text, 64 hex digits. */
  public static String text(String text) {
    MessageDigest sha = sha256();
    sha.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(sha);
  }

  /** SHA-256 of a file, 64 hex digits. */
  public static String file(Path file) throws IOException {
    MessageDigest sha = sha256();
    try (var in = new DigestInputStream(Files.newInputStream(file), sha)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return hex(sha);
  }

  private static String hex(MessageDigest sha) {
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

package spindle.result;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import spindle.ir.Sha256;

/** SHA-256 as the layout uses it. */
public final class Digests {
  private Digests() {}

  /** Identity of trials that run together: SHA-256 over the sorted ids, 32 hex digits. */
  public static String pack(List<String> trialIds) {
    var sha = new Sha256();
    trialIds.stream().sorted().forEach(sha::add);
    return sha.hex().substring(0, 32);
  }

  /** SHA-256 of a text, 64 hex digits. */
  public static String text(String text) {
    return Sha256.hex(text);
  }

  /** SHA-256 of a file, 64 hex digits. */
  public static String file(Path file) throws IOException {
    var sha = new Sha256();
    byte[] block = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        sha.add(block, n);
      }
    }
    return sha.hex();
  }
}

package spindle.backend.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import spindle.ir.Sha256;

/**
 * Turns PTX into what a device loads: machine code, kept on disk by the hash of its text, or the
 * text itself for devices that are younger than the assembler.
 */
final class Code {
  /** System property: the folder where machine code is kept; empty for none. */
  static final String FOLDER_PROPERTY = "spindle.cuda.cache";

  /** Of the assembler in JCuda's jar: part of the key. */
  private static final String ASSEMBLER = "ptxas 12.0";

  private static final int YOUNGEST = 90;

  /** A kept file ends with the SHA-256 of what is before. */
  private static final int DIGEST_BYTES = 32;

  private Code() {}

  /** What the driver is to load for a device. */
  static byte[] image(String ptx, Device device) {
    if (device.capability() > YOUNGEST) {
      return (ptx + "\0").getBytes(StandardCharsets.US_ASCII);
    }
    return machineCode(ptx, "sm_" + device.capability(), folder());
  }

  private static Path folder() {
    String home = System.getProperty("user.home", ".");
    return Path.of(System.getProperty(FOLDER_PROPERTY, home + "/.cache/spindle/cuda"));
  }

  /** Machine code from the folder, or from the assembler and then into the folder. */
  static byte[] machineCode(String ptx, String architecture, Path folder) {
    Path file = folder.resolve(Sha256.hex(ASSEMBLER + architecture + ptx) + ".cubin");
    return kept(file).orElseGet(() -> keep(Assembler.assemble(ptx, architecture).code(), file));
  }

  /** Machine code of which no byte was lost; what is not there or damaged is assembled anew. */
  private static Optional<byte[]> kept(Path file) {
    try {
      byte[] all = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
      byte[] code = Arrays.copyOf(all, Math.max(0, all.length - DIGEST_BYTES));
      return Arrays.equals(sealed(code), all) ? Optional.of(code) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // a cache must not stop a trial
    }
  }

  /** Machine code with its digest behind it. */
  private static byte[] sealed(byte[] code) {
    byte[] digest = new Sha256().add(code, code.length).bytes();
    byte[] all = Arrays.copyOf(code, code.length + DIGEST_BYTES);
    System.arraycopy(digest, 0, all, code.length, DIGEST_BYTES);
    return all;
  }

  /** Writes under another name first: other processes read the same folder. */
  private static byte[] keep(byte[] code, Path file) {
    try {
      Files.createDirectories(file.getParent());
      Path part = Files.createTempFile(file.getParent(), "part", ".cubin");
      Files.write(part, sealed(code));
      move(part, file);
    } catch (IOException e) {
      // A folder that cannot be written costs time, no result.
    }
    return code;
  }

  private static void move(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}

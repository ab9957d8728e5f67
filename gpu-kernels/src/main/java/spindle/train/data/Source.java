package spindle.train.data;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;

/** Bytes with a name: a local file, a resource, an object in a store. */
public interface Source {
  /** What messages call it: a path or an URI. */
  String name();

  /**
   * Opens it at its first byte; the caller closes it.
   *
   * @throws IOException if it cannot be opened
   */
  InputStream open() throws IOException;

  /** A file of this machine. */
  static Source file(Path path) {
    return new LocalFile(path);
  }

  /**
   * The same source, read whole and compared with a SHA-256 checksum before its first byte is given
   * out. Checksums are of the bytes as they are stored, packed or not.
   *
   * @param sha256 64 hexadecimal digits
   * @throws IllegalArgumentException if {@code sha256} is something else
   */
  default Checked checked(String sha256) {
    return new Checked(this, sha256);
  }

  /** A path and its bytes. */
  record LocalFile(Path path) implements Source {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }

  /** A file beside a class. */
  record Resource(Class<?> beside, String file) implements Source {
    @Override
    public String name() {
      return "resource " + beside.getPackageName() + "/" + file;
    }

    @Override
    public InputStream open() throws IOException {
      InputStream in = beside.getResourceAsStream(file);
      if (in == null) {
        throw new FileNotFoundException(name() + " is missing from the jar");
      }
      return in;
    }
  }

  /** A source that must have a certain SHA-256 checksum. */
  record Checked(Source of, String sha256) implements Source {
    public Checked {
      if (!sha256.matches("[0-9a-fA-F]{64}")) {
        throw new IllegalArgumentException(
            of.name() + ": sha256 must be 64 hexadecimal digits, got '" + sha256 + "'");
      }
      sha256 = sha256.toLowerCase(Locale.ROOT);
    }

    @Override
    public String name() {
      return of.name();
    }

    @Override
    public InputStream open() throws IOException {
      byte[] bytes;
      try (InputStream in = of.open()) {
        bytes = in.readAllBytes();
      } catch (IOException e) {
        throw new IOException(name() + ": cannot be read (" + Sources.reason(e) + ")", e);
      }
      demand(HexFormat.of().formatHex(Digested.sha256Digest().digest(bytes)));
      return new ByteArrayInputStream(bytes);
    }

    /**
     * Compares a checksum that was found with the one that must be.
     *
     * @throws BadFileException if they differ
     */
    public void demand(String found) throws BadFileException {
      if (!found.equals(sha256)) {
        throw new BadFileException(
            name()
                + ": SHA-256 checksum expected "
                + sha256
                + ", found "
                + found
                + "; fetch the file again or correct the checksum; if it was changed while a sweep"
                + " ran, run again");
      }
    }
  }
}

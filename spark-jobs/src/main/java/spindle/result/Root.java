package spindle.result;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import spindle.sweep.RootAddress;

/** The folder that holds sweeps: understood and tried out before anything is simulated. */
public final class Root {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final int PROBE_BYTES = 1 << 20;

  private Root() {}

  /**
   * The folder that a root names, as path or {@code file:} address.
   *
   * @throws StorageException if it lies on storage this version cannot commit to
   */
  public static Path path(String root) {
    RootAddress.refusal(root)
        .ifPresent(
            why -> {
              throw new StorageException("root \"" + root + "\": " + why);
            });
    String path = root.startsWith("file:") ? URI.create(root).getPath() : root;
    return Path.of(path).toAbsolutePath().normalize();
  }

  /**
   * The layout of a sweep below a root, after writing and removing a megabyte there.
   *
   * @throws StorageException if nothing can be written there
   */
  public static Layout open(String root, String sweep) {
    if (!NAME.matcher(sweep).matches()) {
      throw new StorageException(
          "sweep \"%s\": a name is letters, digits, '.', '_' and '-', and begins with a letter or digit"
              .formatted(sweep));
    }
    Layout layout = Layout.of(path(root), sweep);
    try {
      Files.createDirectories(layout.runs());
      Path probe = layout.runs().resolve(".probe." + RunId.next());
      try {
        LinkCreate.replace(probe, new byte[PROBE_BYTES]);
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException e) {
      throw new StorageException(
          "cannot write results to %s: %s; choose another folder with --root"
              .formatted(layout.sweep(), reason(e)),
          e);
    }
    return layout;
  }

  /**
   * Refuses a sweep whose recordings will not fit.
   *
   * @param bytes predicted size of what is still to be recorded [B]
   */
  public static void demandSpace(Layout layout, double bytes) throws IOException {
    long free = Files.getFileStore(layout.sweep()).getUsableSpace();
    if (bytes > free) {
      throw new StorageException(
          "%s has %s free but the recordings are predicted to take %s; record fewer neurons or use --root"
              .formatted(layout.sweep(), gigabytes((double) free), gigabytes(bytes)));
    }
  }

  /** What went wrong with a file, in words. */
  public static String reason(IOException e) {
    if (e instanceof FileAlreadyExistsException f) {
      return f.getFile() + " is a file, not a folder";
    }
    if (e instanceof NoSuchFileException missing) {
      return refused(Path.of(missing.getFile()));
    }
    if (e instanceof AccessDeniedException d) {
      return "permission denied at " + d.getFile();
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason() + " at " + f.getFile();
    }
    return String.valueOf(e.getMessage());
  }

  /** Why something could not be made: the nearest folder that exists does not take it. */
  private static String refused(Path file) {
    Path folder = file.toAbsolutePath();
    while (folder.getParent() != null && !Files.isDirectory(folder)) {
      folder = folder.getParent();
    }
    try {
      String type = Files.getFileStore(folder).type();
      return "nothing can be created in %s (file system %s)".formatted(folder, type);
    } catch (IOException e) {
      return "nothing can be created in " + folder;
    }
  }

  private static String gigabytes(double bytes) {
    return String.format(Locale.ROOT, "%.3g GB", bytes / 1e9);
  }
}

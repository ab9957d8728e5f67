package spindle.result;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Exclusive creation on a file system of this machine.
 *
 * <p>The content is written and synced under a private name first and then hard-linked to the
 * target: the link is the exclusive step, and no reader ever sees half a record. Hadoop's local
 * file system is not used since its {@code create(overwrite = false)} lets several writers win.
 */
public final class LinkCreate implements AtomicCreate {
  @Override
  public boolean create(Path target, byte[] content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path mine = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      writeSynced(mine, content);
      return link(target, mine, content);
    } finally {
      Files.deleteIfExists(mine);
    }
  }

  /** Replaces {@code target} in one step; the last writer wins. */
  static void replace(Path target, byte[] content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Path mine = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID());
    writeSynced(mine, content);
    Files.move(mine, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean link(Path target, Path mine, byte[] content) throws IOException {
    try {
      Files.createLink(target, mine);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return createNew(target, content); // a file system without hard links
    }
  }

  private static boolean createNew(Path target, byte[] content) throws IOException {
    try {
      writeSynced(target, content);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void writeSynced(Path file, byte[] content) throws IOException {
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }
}

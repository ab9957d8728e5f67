package spindle.task;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import spindle.ir.Rows;
import spindle.train.readout.Gram;
import spindle.train.readout.GramFile;

/**
 * Blocks of states of a reservoir, and parts of their normal equations, in a workspace. What is cut
 * short or damaged there is dropped, to be made again.
 */
final class ReservoirFile {
  /** Of the format, part of the key: files of another are not found. */
  static final int VERSION = 5;

  private static final System.Logger LOG = System.getLogger(ReservoirFile.class.getName());
  private static final int MAGIC = 0x53505254;
  private static final int CHUNK = 1 << 14;
  private static final int BUFFER = 1 << 16;

  private ReservoirFile() {}

  /** How a file is read. */
  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  static boolean has(String key, Workspace workspace) {
    try {
      Optional<InputStream> saved = workspace.open(key);
      if (saved.isPresent()) {
        saved.get().close();
      }
      return saved.isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read saved states: " + e.getMessage(), e);
    }
  }

  static Optional<ReservoirBlocks.Block> block(String key, Workspace workspace) {
    return read(key, workspace, ReservoirFile::block);
  }

  static Optional<Gram> part(String key, Workspace workspace) {
    return read(key, workspace, in -> GramFile.read(in, "saved states"));
  }

  private static <T> Optional<T> read(String key, Workspace workspace, Reader<T> reader) {
    try {
      Optional<InputStream> saved = workspace.open(key);
      if (saved.isEmpty()) {
        return Optional.empty();
      }
      try (var in = new DataInputStream(new BufferedInputStream(saved.get(), BUFFER))) {
        return Optional.of(reader.read(in));
      } catch (IOException damaged) {
        LOG.log(
            System.Logger.Level.WARNING,
            "saved states of a reservoir cannot be used and are made again: {0}",
            damaged.toString()); // the end of a file has no message
        workspace.drop(key);
        return Optional.empty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read saved states: " + e.getMessage(), e);
    }
  }

  private static ReservoirBlocks.Block block(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("these are no states of a reservoir");
    }
    byte[] head = in.readNBytes(Math.min(BUFFER, Math.max(0, in.readInt())));
    if (in.readInt() != checksum(head)) {
      throw new IOException("the head is damaged");
    }
    var whole = new DataInputStream(new ByteArrayInputStream(head));
    return new ReservoirBlocks.Block(facts(whole), floats(in, whole.readInt()));
  }

  private static ReservoirFacts facts(DataInputStream in) throws IOException {
    var size = new ReservoirFacts.Size(in.readInt(), in.readLong());
    long steps = in.readLong();
    var footprint =
        new ReservoirFacts.Footprint(
            Rows.Storage.valueOf(in.readUTF()), in.readLong(), in.readLong());
    var drive = new ReservoirFacts.Drive(steps, in.readDouble(), in.readDouble());
    var machine = new ReservoirFacts.Machine(in.readUTF(), in.readUTF(), in.readUTF());
    return new ReservoirFacts(size, footprint, drive, machine);
  }

  private static int checksum(byte[] bytes) {
    var sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    return (int) sum.getValue();
  }

  private static float[] floats(DataInputStream in, int length) throws IOException {
    var values = new float[length];
    var sum = new CRC32C();
    var bytes = new byte[CHUNK * Float.BYTES];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      if (in.readNBytes(bytes, 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new EOFException("they are cut short");
      }
      sum.update(bytes, 0, count * Float.BYTES);
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values, from, count);
    }
    if (in.readInt() != (int) sum.getValue()) {
      throw new IOException("they are damaged");
    }
    return values;
  }

  static void save(String key, Workspace workspace, ReservoirBlocks.Block block) {
    save(key, workspace, out -> write(block, out));
  }

  static void save(String key, Workspace workspace, Gram part) {
    save(
        key,
        workspace,
        out -> {
          var buffered = new BufferedOutputStream(out, BUFFER);
          GramFile.write(part, buffered);
          buffered.flush();
        });
  }

  private static void save(String key, Workspace workspace, Workspace.Content content) {
    try {
      workspace.save(key, content);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save states: " + e.getMessage(), e);
    }
  }

  private static void write(ReservoirBlocks.Block block, OutputStream to) throws IOException {
    var out = new DataOutputStream(new BufferedOutputStream(to, BUFFER));
    byte[] head = head(block);
    out.writeInt(MAGIC);
    out.writeInt(head.length);
    out.write(head);
    out.writeInt(checksum(head));
    floats(out, block.values());
    out.flush();
  }

  private static byte[] head(ReservoirBlocks.Block block) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    ReservoirFacts f = block.facts();
    out.writeInt(f.size().units());
    out.writeLong(f.size().synapses());
    out.writeLong(f.drive().steps());
    out.writeUTF(f.footprint().storage().name());
    out.writeLong(f.footprint().bytes());
    out.writeLong(f.footprint().bytesIfStored());
    out.writeDouble(f.drive().seconds());
    out.writeDouble(f.drive().compileSeconds());
    out.writeUTF(f.machine().backend());
    out.writeUTF(f.machine().device());
    out.writeUTF(f.machine().shape());
    out.writeInt(block.values().length);
    return bytes.toByteArray();
  }

  private static void floats(DataOutputStream out, float[] values) throws IOException {
    var sum = new CRC32C();
    var bytes = new byte[CHUNK * Float.BYTES];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      ByteBuffer.wrap(bytes).asFloatBuffer().put(values, from, count);
      sum.update(bytes, 0, count * Float.BYTES);
      out.write(bytes, 0, count * Float.BYTES);
    }
    out.writeInt((int) sum.getValue());
  }
}

package spindle.task;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import spindle.train.readout.Gram;
import spindle.train.readout.GramFile;

/** States of a reservoir in a workspace: what is reported of them, their values, their products. */
final class ReservoirFile {
  /** Of the format, part of the key: files of another are not found. */
  static final int VERSION = 2;

  private static final int MAGIC = 0x53505254;
  private static final int CHUNK = 1 << 14;

  private ReservoirFile() {}

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

  static Optional<ReservoirStates> read(String key, Workspace workspace) {
    try {
      Optional<InputStream> saved = workspace.open(key);
      if (saved.isEmpty()) {
        return Optional.empty();
      }
      try (var in = new DataInputStream(new BufferedInputStream(saved.get(), 1 << 16))) {
        return Optional.of(read(in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot read saved states: "
              + e.getMessage()
              + "; delete the folder _stages of the sweep and run again",
          e);
    }
  }

  private static ReservoirStates read(DataInputStream in) throws IOException {
    if (in.readInt() != MAGIC) {
      throw new IOException("these are no states of a reservoir");
    }
    var facts =
        new ReservoirStates.Facts(
            in.readInt(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readLong(),
            in.readDouble(),
            in.readDouble(),
            in.readUTF(),
            in.readUTF(),
            in.readUTF());
    float[] train = floats(in);
    float[] test = floats(in);
    Gram gram = in.readBoolean() ? GramFile.read(in, "saved states") : null;
    return new ReservoirStates(facts, gram, train, test);
  }

  private static float[] floats(DataInputStream in) throws IOException {
    var values = new float[in.readInt()];
    var bytes = new byte[CHUNK * Float.BYTES];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      if (in.readNBytes(bytes, 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new EOFException("they are cut short");
      }
      ByteBuffer.wrap(bytes).asFloatBuffer().get(values, from, count);
    }
    return values;
  }

  static void save(String key, Workspace workspace, ReservoirStates states) {
    try {
      workspace.save(key, out -> write(states, out));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot save states: " + e.getMessage(), e);
    }
  }

  private static void write(ReservoirStates s, OutputStream to) throws IOException {
    var out = new DataOutputStream(new BufferedOutputStream(to, 1 << 16));
    out.writeInt(MAGIC);
    ReservoirStates.Facts f = s.facts();
    out.writeInt(f.units());
    out.writeLong(f.synapses());
    out.writeLong(f.steps());
    out.writeLong(f.bytes());
    out.writeLong(f.bytesIfStored());
    out.writeDouble(f.seconds());
    out.writeDouble(f.compileSeconds());
    out.writeUTF(f.backend());
    out.writeUTF(f.device());
    out.writeUTF(f.shape());
    floats(out, s.trainValues());
    floats(out, s.testValues());
    out.writeBoolean(s.isPrimal());
    if (s.isPrimal()) {
      GramFile.write(s.gram(), out);
    }
    out.flush();
  }

  private static void floats(DataOutputStream out, float[] values) throws IOException {
    out.writeInt(values.length);
    var bytes = new byte[CHUNK * Float.BYTES];
    for (int from = 0; from < values.length; from += CHUNK) {
      int count = Math.min(CHUNK, values.length - from);
      ByteBuffer.wrap(bytes).asFloatBuffer().put(values, from, count);
      out.write(bytes, 0, count * Float.BYTES);
    }
  }
}

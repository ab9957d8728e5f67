package spindle.train.readout;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A Gram as bytes, for shipping and storing.
 *
 * <p>Little-endian: 8 bytes "SPNDGRAM"; int version, units, targets, block size, first block,
 * blocks; long samples; int part, parts, tile width; int CRC-32C of all that; then the tiles of the
 * part in ascending order, row by row, in float64; int CRC-32C of the tiles.
 */
public final class GramFile {
  private static final byte[] MAGIC = {'S', 'P', 'N', 'D', 'G', 'R', 'A', 'M'};
  private static final int VERSION = 1;
  private static final int HEADER = 52;

  private GramFile() {}

  /**
   * Writes a Gram; the stream stays open.
   *
   * @throws IOException if the stream fails
   */
  public static void write(Gram gram, OutputStream out) throws IOException {
    out.write(header(gram));
    CRC32C sum = new CRC32C();
    byte[] bytes = new byte[Tiles.WIDTH * Double.BYTES];
    DoubleBuffer values = little(bytes).asDoubleBuffer();
    for (int t = gram.from(); t < gram.to(); t++) {
      for (double[] row : gram.tiles().tile(t)) {
        values.clear().put(row);
        int length = row.length * Double.BYTES;
        sum.update(bytes, 0, length);
        out.write(bytes, 0, length);
      }
    }
    byte[] end = new byte[4];
    little(end).putInt((int) sum.getValue());
    out.write(end);
  }

  private static byte[] header(Gram gram) {
    byte[] bytes = new byte[HEADER + 4];
    ByteBuffer b = little(bytes);
    b.put(MAGIC).putInt(VERSION);
    b.putInt(gram.shape().units()).putInt(gram.shape().targets()).putInt(gram.shape().blockSize());
    b.putInt(gram.first()).putInt(gram.blocks()).putLong(gram.samples());
    b.putInt(gram.part().index()).putInt(gram.part().of()).putInt(Tiles.WIDTH);
    b.putInt(checksum(bytes));
    return bytes;
  }

  private static int checksum(byte[] header) {
    CRC32C sum = new CRC32C();
    sum.update(header, 0, HEADER);
    return (int) sum.getValue();
  }

  /**
   * Reads a Gram; bytes behind it are left in the stream.
   *
   * @param name what messages call the stream
   * @throws IOException if it holds no Gram, a damaged one or one of another version
   */
  public static Gram read(InputStream in, String name) throws IOException {
    Gram gram = restore(readHeader(in, name));
    CRC32C sum = new CRC32C();
    byte[] bytes = new byte[Tiles.WIDTH * Double.BYTES];
    DoubleBuffer values = little(bytes).asDoubleBuffer();
    for (int t = gram.from(); t < gram.to(); t++) {
      for (double[] row : gram.tiles().tile(t)) {
        int length = row.length * Double.BYTES;
        fill(in, bytes, length, name);
        sum.update(bytes, 0, length);
        values.clear().get(row);
      }
    }
    byte[] end = new byte[4];
    fill(in, end, end.length, name);
    if (little(end).getInt() != (int) sum.getValue()) {
      throw new IOException(name + ": Gram is damaged: wrong checksum of its tiles; make it again");
    }
    return gram;
  }

  private static ByteBuffer readHeader(InputStream in, String name) throws IOException {
    byte[] bytes = new byte[HEADER + 4];
    fill(in, bytes, bytes.length, name);
    ByteBuffer b = little(bytes);
    byte[] magic = new byte[MAGIC.length];
    b.get(magic);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new IOException(name + ": at byte 0: not a Gram");
    }
    int version = b.getInt();
    if (version != VERSION || b.getInt(HEADER - 4) != Tiles.WIDTH) {
      throw new IOException(
          name
              + ": Gram of version "
              + version
              + (" with tiles of " + b.getInt(HEADER - 4) + ", expected version " + VERSION)
              + (" with tiles of " + Tiles.WIDTH + "; make it again"));
    }
    if (b.getInt(HEADER) != checksum(bytes)) {
      throw new IOException(
          name + ": Gram is damaged: wrong checksum of its header; make it again");
    }
    return b;
  }

  private static Gram restore(ByteBuffer b) {
    Gram.Shape shape = new Gram.Shape(b.getInt(), b.getInt(), b.getInt());
    int first = b.getInt();
    int blocks = b.getInt();
    long samples = b.getLong();
    Gram gram = new Gram(shape, first, new Gram.Part(b.getInt(), b.getInt()));
    gram.restore(blocks, samples);
    return gram;
  }

  private static void fill(InputStream in, byte[] bytes, int length, String name)
      throws IOException {
    int read = in.readNBytes(bytes, 0, length);
    if (read < length) {
      throw new EOFException(name + ": Gram is cut short; make it again");
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

package spindle.train.loop;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A {@link Checkpoint} as bytes.
 *
 * <p>Big-endian: 8 bytes "SPNDTRNG"; int version; int length of the body; int CRC-32C of the body;
 * the body. Text is UTF-8 behind an int length in bytes, a list or map an int length and then its
 * items, maps sorted by name:
 *
 * <pre>
 *   text key; int epoch, batch; long update, samples
 *   map of descent:  text name, list of doubles
 *   map of sums:     text metric, double
 *   list of points:  text metric, part; int epoch; long update; double value
 *   best: int epoch, double loss, map of text name, list of doubles
 * </pre>
 */
public final class CheckpointFile {
  private static final byte[] MAGIC = {'S', 'P', 'N', 'D', 'T', 'R', 'N', 'G'};
  private static final int VERSION = 1;
  private static final int HEADER = MAGIC.length + 3 * Integer.BYTES;

  private CheckpointFile() {}

  /** Writes a checkpoint; the stream stays open. */
  public static void write(Checkpoint checkpoint, OutputStream out) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var body = new DataOutputStream(bytes);
    writeBody(checkpoint, body);
    body.flush();
    var header = new DataOutputStream(out);
    header.write(MAGIC);
    header.writeInt(VERSION);
    header.writeInt(bytes.size());
    header.writeInt(checksum(bytes.toByteArray()));
    bytes.writeTo(header);
    header.flush();
  }

  /**
   * Reads a checkpoint.
   *
   * @param name what messages call the stream
   * @throws IOException if it holds none, a damaged one or one of another version
   */
  public static Checkpoint read(InputStream in, String name) throws IOException {
    byte[] head = in.readNBytes(HEADER);
    if (head.length < MAGIC.length || !Arrays.equals(Arrays.copyOf(head, 8), MAGIC)) {
      throw new IOException(name + ": at byte 0: not a training checkpoint");
    }
    if (head.length < HEADER) {
      throw new EOFException(name + ": training checkpoint is cut short; remove it");
    }
    var header = new DataInputStream(new ByteArrayInputStream(head, 8, HEADER - 8));
    int version = header.readInt();
    if (version != VERSION) {
      throw new IOException(
          name
              + ": training checkpoint of version "
              + version
              + ", expected "
              + VERSION
              + "; train anew, or with the release that wrote it");
    }
    int length = header.readInt();
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException(name + ": training checkpoint is cut short; remove it");
    }
    if (header.readInt() != checksum(body)) {
      throw new IOException(name + ": training checkpoint has a wrong checksum; remove it");
    }
    return readBody(new DataInputStream(new ByteArrayInputStream(body)));
  }

  private static int checksum(byte[] body) {
    var sum = new CRC32C();
    sum.update(body);
    return (int) sum.getValue();
  }

  private static void writeBody(Checkpoint c, DataOutputStream out) throws IOException {
    text(out, c.key());
    out.writeInt(c.epoch());
    out.writeInt(c.batch());
    out.writeLong(c.update());
    out.writeLong(c.samples());
    arrays(out, c.descent());
    out.writeInt(c.sums().size());
    for (var e : new TreeMap<>(c.sums()).entrySet()) {
      text(out, e.getKey());
      out.writeDouble(e.getValue());
    }
    out.writeInt(c.curve().size());
    for (Point p : c.curve()) {
      text(out, p.metric());
      text(out, p.part().word());
      out.writeInt(p.epoch());
      out.writeLong(p.update());
      out.writeDouble(p.value());
    }
    out.writeInt(c.best().epoch());
    out.writeDouble(c.best().loss());
    arrays(out, c.best().parameters());
  }

  private static Checkpoint readBody(DataInputStream in) throws IOException {
    String key = text(in);
    int epoch = in.readInt();
    int batch = in.readInt();
    long update = in.readLong();
    long samples = in.readLong();
    Map<String, double[]> descent = arrays(in);
    var sums = new HashMap<String, Double>();
    for (int n = in.readInt(); n > 0; n--) {
      sums.put(text(in), in.readDouble());
    }
    List<Point> curve = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) {
      String metric = text(in);
      Part part = Part.valueOf(text(in).toUpperCase(Locale.ROOT));
      curve.add(new Point(metric, part, in.readInt(), in.readLong(), in.readDouble()));
    }
    var best = new Checkpoint.Best(in.readInt(), in.readDouble(), arrays(in));
    return new Checkpoint(key, epoch, batch, update, descent, sums, samples, curve, best);
  }

  private static void arrays(DataOutputStream out, Map<String, double[]> arrays)
      throws IOException {
    out.writeInt(arrays.size());
    for (var e : new TreeMap<>(arrays).entrySet()) {
      text(out, e.getKey());
      out.writeInt(e.getValue().length);
      for (double x : e.getValue()) {
        out.writeDouble(x);
      }
    }
  }

  private static Map<String, double[]> arrays(DataInputStream in) throws IOException {
    var arrays = new HashMap<String, double[]>();
    for (int n = in.readInt(); n > 0; n--) {
      String name = text(in);
      var values = new double[in.readInt()];
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readDouble();
      }
      arrays.put(name, values);
    }
    return arrays;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}

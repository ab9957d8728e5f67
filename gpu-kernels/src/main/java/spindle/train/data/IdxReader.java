package spindle.train.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads big-endian numbers and bytes, unpacking gzip, and knows where it is. */
final class IdxReader implements AutoCloseable {
  private static final int GZIP = 0x1f8b;
  private static final int CHUNK = 1 << 16;

  private final String name;
  private final InputStream stored;
  private InputStream in;
  private boolean packed;
  private long position;

  IdxReader(Source source) throws IOException {
    name = source.name();
    stored = new BufferedInputStream(source.open(), CHUNK);
    try {
      unpack();
    } catch (IOException e) {
      closeAfter(e);
      throw e;
    }
  }

  private void closeAfter(IOException first) {
    try {
      stored.close();
    } catch (IOException e) { // such as the same again, of who reads to the end for a checksum
      first.addSuppressed(e);
    }
  }

  private void unpack() throws IOException {
    try {
      stored.mark(2);
      packed = (stored.read() << 8 | stored.read()) == GZIP;
      stored.reset();
      in = packed ? new Unpacked(stored) : stored;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Bytes read so far, of the unpacked content. */
  long position() {
    return position;
  }

  int readInt() throws IOException {
    byte[] b = read(4);
    if (b.length < 4) {
      throw bad(position, "the file ends inside its header; fetch it again");
    }
    return (b[0] & 0xff) << 24 | (b[1] & 0xff) << 16 | (b[2] & 0xff) << 8 | (b[3] & 0xff);
  }

  /** Reads exactly {@code count} bytes, after which the content must end. */
  byte[] readToEnd(int count) throws IOException {
    byte[] bytes = read(count);
    demandEnd(bytes.length, count);
    return bytes;
  }

  /** The same without keeping them. */
  void skipToEnd(int count) throws IOException {
    int read = 0;
    for (int more = 1; more > 0 && read < count; read += more) {
      more = read(Math.min(CHUNK, count - read)).length;
    }
    demandEnd(read, count);
  }

  private void demandEnd(int read, int count) throws IOException {
    if (read < count) {
      throw bad(
          position,
          "the file is cut short: its header announces " + count + " bytes; fetch it again");
    }
    if (read(1).length > 0) {
      throw bad(
          position - 1,
          "the file goes on after the "
              + count
              + " bytes that its header announces; fetch it again");
    }
    if (in instanceof Unpacked gzip && goesOn(gzip)) {
      throw new BadFileException(
          name + ": bytes follow the end of the gzip content; fetch it again or unpack it");
    }
  }

  private boolean goesOn(Unpacked gzip) throws IOException {
    try {
      return gzip.goesOn();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** What gzip packed. */
  private static final class Unpacked extends GZIPInputStream {
    /** Of a checksum and a length, behind the last block. */
    private static final int TRAILER = 8;

    Unpacked(InputStream stored) throws IOException {
      super(stored, CHUNK);
    }

    /**
     * Whether something that is no gzip follows. Up to nine bytes are overlooked where a chunk
     * ends.
     */
    boolean goesOn() throws IOException {
      return inf.getRemaining() > TRAILER || in.read() >= 0;
    }
  }

  private byte[] read(int count) throws IOException {
    try {
      byte[] bytes = in.readNBytes(count);
      position += bytes.length;
      return bytes;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** What is said of bytes that cannot be had: they are packed badly, or the storage fails. */
  private IOException failed(IOException e) {
    String where = name + ": after byte " + position + (packed ? " of the unpacked content" : "");
    if (packed && (e instanceof ZipException || e instanceof EOFException)) {
      String reason = e.getMessage() == null ? "cut short" : e.getMessage();
      return new BadFileException(
          where + ": the gzip file is damaged (" + reason + "); fetch it again", e);
    }
    return new IOException(
        where + ": cannot be read (" + Sources.reason(e) + "); is the storage whole?", e);
  }

  BadFileException bad(long at, String what) {
    String where = packed ? " of the unpacked content: " : ": ";
    return new BadFileException(name + ": at byte " + at + where + what);
  }

  @Override
  public void close() throws IOException {
    stored.close();
  }
}

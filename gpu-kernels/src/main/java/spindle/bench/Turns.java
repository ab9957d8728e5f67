package spindle.bench;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Rounds of several systems by turns: each says that it is ready for one and waits until it may
 * begin. The two pipes are named by whoever runs the systems; without a name no round waits.
 */
final class Turns {
  private static final String PIPES = System.getenv("SPINDLE_BENCH_TURNS");

  private static OutputStream ready;
  private static InputStream go;

  private Turns() {}

  /** Waits for the next turn. */
  static void await() {
    if (PIPES == null) {
      return;
    }
    try {
      if (ready == null) {
        ready = new FileOutputStream(PIPES + ".ready");
        go = new FileInputStream(PIPES + ".go");
      }
      ready.write('.');
      if (go.read() < 0) {
        throw new EOFException("whoever gives turns has gone");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("SPINDLE_BENCH_TURNS=" + PIPES, e);
    }
  }
}

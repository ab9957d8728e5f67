package spindle.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of its own for work after which a device may not be usable by the one that did it.
 *
 * @param code exit code, of no meaning where it was ended
 * @param lines all that it printed
 * @param ended whether it took too long
 * @param seconds that it took
 */
record Child(int code, List<String> lines, boolean ended, double seconds) {
  /** Runs a command to its end, or ends it with all its children after some seconds. */
  static Child run(List<String> command, long timeout) {
    long start = System.nanoTime();
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      List<String> lines = Collections.synchronizedList(new ArrayList<>());
      var reader = new Thread(() -> read(process, lines));
      reader.setDaemon(true);
      reader.start();
      boolean ended = !process.waitFor(timeout, TimeUnit.SECONDS);
      if (ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      reader.join(TimeUnit.SECONDS.toMillis(5));
      double seconds = (System.nanoTime() - start) * 1e-9;
      synchronized (lines) {
        return new Child(process.exitValue(), List.copyOf(lines), ended, seconds);
      }
    } catch (IOException e) {
      return new Child(-1, List.of(String.valueOf(e.getMessage())), false, 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command + " ran", e);
    }
  }

  private static void read(Process process, List<String> lines) {
    var in = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
    try (var reader = new BufferedReader(in)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException | UncheckedIOException e) {
      lines.add("the rest of its output is lost: " + e.getMessage());
    }
  }

  /** The JSON objects among its lines. */
  List<String> objects() {
    return lines.stream().filter(Child::isObject).toList();
  }

  /** The last of its other lines, which say what went wrong. */
  String said(int most) {
    List<String> others = lines.stream().filter(l -> !isObject(l)).toList();
    return String.join("\n", others.subList(Math.max(0, others.size() - most), others.size()));
  }

  private static boolean isObject(String line) {
    return line.startsWith("{") && line.endsWith("}");
  }
}

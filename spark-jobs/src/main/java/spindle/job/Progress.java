package spindle.job;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Shows how far a run is: on a terminal one line redrawn in place, in a log a line every 10 s.
 *
 * <p>Used by one thread.
 */
final class Progress {
  private static final long LOG_NANOS = 10_000_000_000L;
  private final PrintStream out;
  private final boolean terminal;
  private long lastLog = System.nanoTime();
  private int width;

  Progress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** For the standard output of this process. */
  static Progress ofProcess() {
    boolean dumb = "dumb".equals(System.getenv("TERM")) || System.getenv("CI") != null;
    return new Progress(System.out, !dumb && onTerminal());
  }

  /**
   * What is shown.
   *
   * @param done trials that ended in this run
   * @param total trials this run has to do
   * @param failed of them, failed or diverged
   * @param elapsedS wall time since the first trial was given out [s]
   * @param etaS predicted remaining wall time [s], negative: unknown
   */
  record Reading(long done, long total, long failed, double elapsedS, double etaS) {
    String text() {
      double rate = elapsedS > 0 ? done / elapsedS : 0;
      return String.format(
          Locale.ROOT,
          "%d/%d trials (%.0f%%), %s, %s, %d failed",
          done,
          total,
          100.0 * done / total,
          rate >= 1 || rate == 0
              ? String.format(Locale.ROOT, "%.1f trials/s", rate)
              : String.format(Locale.ROOT, "%.1f s/trial", 1 / rate),
          etaS < 0 ? "ETA unknown" : "ETA " + duration(etaS),
          failed);
    }
  }

  /** The first line of a log comes 10 s from now. */
  void restart() {
    lastLog = System.nanoTime();
  }

  /** Redraws the line, or prints one if the last is 10 s old. */
  void show(Reading reading) {
    if (terminal) {
      draw(reading.text());
    } else if (System.nanoTime() - lastLog >= LOG_NANOS) {
      lastLog = System.nanoTime();
      out.println(reading.text());
    }
  }

  /** Prints a message of its own line; the progress line comes below it next time. */
  void say(String message) {
    if (terminal && width > 0) {
      draw("");
      out.print('\r');
      width = 0;
    }
    out.println(message);
    out.flush();
  }

  static String duration(double seconds) {
    long s = Math.round(seconds);
    if (s < 60) {
      return s + " s";
    }
    return s < 3600
        ? "%d min %02d s".formatted(s / 60, s % 60)
        : "%d h %02d min".formatted(s / 3600, s / 60 % 60);
  }

  private void draw(String text) {
    out.print("\r" + text + " ".repeat(Math.max(0, width - text.length())));
    out.flush();
    width = text.length();
  }

  /** From JDK 22 on a console may exist without a terminal and has a method that tells. */
  @SuppressWarnings("SystemConsoleNull") // null on 17 to 21, and asked properly from 22 on
  private static boolean onTerminal() {
    var console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}

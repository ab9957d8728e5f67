package spindle.job;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import spindle.result.Times;

/**
 * Shows how far a run is: on a terminal one line redrawn in place, in a log a line every 10 s.
 *
 * <p>Threads take turns.
 */
final class Progress {
  private static final Duration LOG = Duration.ofSeconds(10);
  private final PrintStream out;
  private final boolean terminal;
  private final Duration log;
  private long lastLog = System.nanoTime();
  private int width;

  Progress(PrintStream out, boolean terminal) {
    this(out, terminal, LOG);
  }

  /** With a line in the log as often as this. */
  Progress(PrintStream out, boolean terminal, Duration log) {
    this.out = out;
    this.terminal = terminal;
    this.log = log;
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
          etaS < 0 ? "ETA unknown" : "ETA " + Times.span(etaS),
          failed);
    }
  }

  /** The first line of a log comes a whole interval from now. */
  synchronized void restart() {
    lastLog = System.nanoTime();
  }

  /** Redraws the line, or prints one if the last is an interval old. */
  synchronized void show(Reading reading) {
    show(reading.text());
  }

  private void show(String text) {
    if (terminal) {
      draw(text);
    } else if (System.nanoTime() - lastLog >= log.toNanos()) {
      lastLog = System.nanoTime();
      out.println(text);
    }
  }

  /** Prints a message of its own line; the progress line comes below it next time. */
  synchronized void say(String message) {
    clear();
    out.println(message);
    out.flush();
  }

  /**
   * Does some work that may take long, and shows meanwhile what it is at.
   *
   * @param name what is done: {@code publishing}
   * @param work does it, and says which part of it comes next
   */
  <T> T during(String name, Work<T> work) throws IOException {
    long start = System.nanoTime();
    var part = new AtomicReference<String>("");
    long tellMs = Math.min(1000, log.toMillis());
    restart();
    var clock = Executors.newSingleThreadScheduledExecutor(Progress::daemon);
    Runnable tell =
        () -> showPhase((name + " " + part.get()).strip(), (System.nanoTime() - start) / 1e9);
    var unused = clock.scheduleAtFixedRate(tell, tellMs, tellMs, TimeUnit.MILLISECONDS);
    try {
      return work.run(part::set);
    } finally {
      clock.shutdownNow();
      clear();
    }
  }

  /** Work that says which part of it comes next. */
  @FunctionalInterface
  interface Work<T> {
    T run(Consumer<String> part) throws IOException;
  }

  private static Thread daemon(Runnable task) {
    var thread = new Thread(task, "progress");
    thread.setDaemon(true);
    return thread;
  }

  private synchronized void showPhase(String what, double seconds) {
    show(what + " ..., " + Times.span(seconds));
  }

  private synchronized void clear() {
    if (terminal && width > 0) {
      draw("");
      out.print('\r');
      width = 0;
    }
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

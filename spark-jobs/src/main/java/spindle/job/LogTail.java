package spindle.job;

import java.io.Writer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;

/**
 * Keeps the end of what a trial logs: the last 16 kB of its own thread, whatever the other trials
 * of the process log meanwhile.
 */
final class LogTail extends Writer {
  private static final int CHARS = 16 << 10;
  private static final String NAME = "spindle-trial-tail";
  private static final ThreadLocal<StringBuilder> TAIL = new ThreadLocal<>();

  private LogTail() {}

  /** Listens to the log of this process; does nothing the second time. */
  static synchronized void install() {
    if (!(LogManager.getContext(false) instanceof LoggerContext context)
        || context.getConfiguration().getAppender(NAME) != null) {
      return;
    }
    var layout = PatternLayout.newBuilder().withPattern("%d{ISO8601} %p %c{1}: %m%n%ex{8}").build();
    var appender =
        WriterAppender.newBuilder()
            .setName(NAME)
            .setTarget(new LogTail())
            .setLayout(layout)
            .build();
    appender.start();
    context.getConfiguration().addAppender(appender);
    context.getConfiguration().getRootLogger().addAppender(appender, null, null);
    context.updateLoggers();
  }

  /** Begins a trial on this thread. */
  static void begin() {
    TAIL.set(new StringBuilder());
  }

  /** Ends the trial on this thread and returns what it logged last. */
  static String end() {
    StringBuilder tail = TAIL.get();
    TAIL.remove();
    return tail == null ? "" : tail.substring(Math.max(0, tail.length() - CHARS));
  }

  @Override
  public void write(char[] text, int from, int length) {
    StringBuilder tail = TAIL.get();
    if (tail == null) {
      return;
    }
    tail.append(text, from, length);
    if (tail.length() > 4 * CHARS) {
      tail.delete(0, tail.length() - CHARS);
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

package spindle.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import spindle.result.Layout;
import spindle.result.Times;
import spindle.sweep.ExitCode;

/** What a run tells the user before and after its trials, and the exit code that follows. */
final class Closing {
  private final Progress progress;
  private final String command;
  private final ReportWriter report;
  private final long start = System.nanoTime();

  Closing(Progress progress, String command, ReportWriter report) {
    this.progress = progress;
    this.command = command;
    this.report = report;
  }

  /**
   * Tells what will run and what is there already.
   *
   * @param gone committed trials that the plan does not know
   */
  void announce(Backlog backlog, long gone) {
    var parts = new ArrayList<String>();
    parts.add("+" + backlog.fresh() + " new");
    if (backlog.retried() > 0) {
      parts.add(backlog.retried() + " again");
    }
    parts.add(backlog.reused() + " reused");
    if (gone > 0) {
      parts.add(gone + " no longer in plan (kept, excluded from aggregates)");
    }
    progress.say(Counted.of(backlog.planned(), "trial") + ": " + String.join(", ", parts));
  }

  /** Ends a run that had nothing to do; a report that is gone is written again. */
  ExitCode nothing(Layout layout, Balance balance, Supplier<SparkSession> spark) {
    progress.say("nothing to do: every trial is committed and published; " + balance.text());
    progress.say("tables: " + layout.sweep());
    if (Files.exists(layout.report())) {
      progress.say("report: " + layout.report());
    } else {
      page(spark.get(), layout);
    }
    failures(layout, balance);
    return code(balance);
  }

  /**
   * How the run ended.
   *
   * @throws IllegalStateException if a trial is missing although nothing stopped the run
   */
  ExitCode exit(Watch watch, Balance balance) {
    if (watch.stopped().isPresent()) {
      return ExitCode.ABORTED;
    }
    if (balance.missing() > 0) {
      throw new IllegalStateException(
          "%s ended without a commit record: %s; run again"
              .formatted(Counted.of(balance.missing(), "trial"), balance.text()));
    }
    return code(balance);
  }

  private static ExitCode code(Balance balance) {
    return balance.wrong() > 0 ? ExitCode.FAILED_TRIALS : ExitCode.OK;
  }

  /** The outcome as provenance keeps it. */
  static String outcome(ExitCode exit, Balance balance) {
    return exit == ExitCode.ABORTED ? "aborted by policy" : balance.outcome();
  }

  /** The last words: counts, time, rate, where things are. */
  void summarise(SparkSession spark, Watch.Subject subject, Watch watch, Balance balance) {
    int ran = subject.backlog().size() - (int) balance.missing();
    double seconds = watch.fannedOutS();
    progress.say(balance.text());
    progress.say("tables: " + subject.layout().sweep());
    page(spark, subject.layout());
    String all = Times.span((System.nanoTime() - start) / 1e9) + " in all";
    progress.say(
        ran == 0
            ? all
            : String.format(
                Locale.ROOT,
                "%s run in %s (%.2f trials/s), %s",
                Counted.of(ran, "trial"),
                Times.span(seconds),
                ran / seconds,
                all));
    failures(subject.layout(), balance);
    watch.stopped().ifPresent(reason -> progress.say("aborted: " + reason));
  }

  /** Writes the report; a report that cannot be written costs no results and no exit code. */
  private void page(SparkSession spark, Layout layout) {
    try {
      Path page =
          progress.during("writing the report", part -> report.write(spark, layout.sweep()));
      progress.say("report: " + page);
    } catch (IOException | RuntimeException | LinkageError e) {
      progress.say("report: not written: " + e);
    }
  }

  private void failures(Layout layout, Balance balance) {
    if (balance.wrong() > 0) {
      progress.say(
          "%s went wrong; see them: spindle failures %s"
              .formatted(Counted.of(balance.wrong(), "trial"), layout.sweep()));
    }
    if (balance.curable() > 0) {
      progress.say("run the failed trials again: %s --retry failed".formatted(command));
    }
  }
}

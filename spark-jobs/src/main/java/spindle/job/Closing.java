package spindle.job;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import spindle.result.Layout;
import spindle.result.TrialStatus;
import spindle.sweep.ExitCode;

/** What a run tells the user before and after its trials, and the exit code that follows. */
final class Closing {
  private final Progress progress;
  private final String command;
  private final ReportWriter report;

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
    progress.say("%d trials: %s".formatted(backlog.planned(), String.join(", ", parts)));
  }

  /** Ends a run that had nothing to do. */
  ExitCode nothing(Layout layout, Balance balance) {
    progress.say("nothing to do: every trial is committed and published; " + balance.text());
    progress.say("tables: " + layout.sweep());
    return failures(layout, balance) ? ExitCode.FAILED_TRIALS : ExitCode.OK;
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
          "%d trials ended without a commit record: %s; run again"
              .formatted(balance.missing(), balance.text()));
    }
    return balance.ended(TrialStatus.FAILED) > 0 ? ExitCode.FAILED_TRIALS : ExitCode.OK;
  }

  static String outcome(ExitCode exit) {
    return switch (exit) {
      case OK -> "ok";
      case FAILED_TRIALS -> "failed trials";
      case ABORTED -> "aborted by policy";
      case INTERNAL, BAD_CONFIG, HELD -> "not run";
    };
  }

  /** The last words: counts, time, rate, where things are. */
  void summarise(SparkSession spark, Watch.Subject subject, Watch watch, Balance balance) {
    int ran = subject.backlog().size() - (int) balance.missing();
    double seconds = watch.fannedOutS();
    progress.say(balance.text());
    if (ran > 0) {
      progress.say(
          String.format(
              Locale.ROOT,
              "%d trials run in %s (%.2f trials/s)",
              ran,
              Progress.duration(seconds),
              ran / seconds));
    }
    progress.say("tables: " + subject.layout().sweep());
    page(spark, subject.layout());
    failures(subject.layout(), balance);
    watch.stopped().ifPresent(reason -> progress.say("aborted: " + reason));
  }

  /** Writes the report; a report that cannot be written costs no results and no exit code. */
  private void page(SparkSession spark, Layout layout) {
    try {
      Path page = report.write(spark, layout.sweep());
      progress.say("report: " + page);
    } catch (RuntimeException | LinkageError e) {
      progress.say("report: not written: " + e);
    }
  }

  private boolean failures(Layout layout, Balance balance) {
    long failed = balance.ended(TrialStatus.FAILED);
    if (failed > 0) {
      progress.say(
          "%d trials failed; see them: spindle failures %s\nrun them again: %s --retry failed"
              .formatted(failed, layout.sweep(), command));
    }
    return failed > 0;
  }
}

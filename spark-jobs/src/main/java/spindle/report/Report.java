package spindle.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.spark.sql.SparkSession;

/** Writes the report of a sweep: one page that needs nothing else. */
public final class Report {
  private Report() {}

  /**
   * Reads the published tables of a sweep and writes {@code report.html} beside them.
   *
   * <p>The same tables give the same bytes. What is collected grows with what is drawn, not with
   * the number of trials.
   *
   * @param sweepFolder folder that holds {@code trials}, {@code params}, {@code metrics}, ...
   * @return the file written
   * @throws IllegalArgumentException if the folder holds no published trials
   */
  public static Path write(SparkSession spark, Path sweepFolder) {
    Path file = sweepFolder.resolve("report.html");
    try {
      Path draft = sweepFolder.resolve(".report.html");
      Files.writeString(draft, html(new Tables(spark, sweepFolder)));
      return Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String html(Tables tables) {
    Overview overview = Overview.of(tables);
    Origin origin = Origin.of(tables);
    Declared declared = Declared.of(origin.yaml(), origin.overrides());
    Axes axes = Axes.of(tables, overview.trials(), declared);
    var objective = Objective.of(origin.yaml());
    var grid = Grid.of(tables, Layout.of(axes.swept(), overview.configurations()));
    var measures = Measure.of(tables, objective);
    String body =
        new Header(overview, origin, tables.kept()).html()
            + SweptSection.html(tables, axes, overview)
            + new MetricSection(tables, grid, measures, overview).html()
            + ActivitySection.html(tables, measures, objective)
            + FailureSection.html(tables, overview.ok() < overview.trials())
            + TimingSection.html(overview.totals())
            + origin.html(overview)
            + TablesSection.html(tables, axes, measures);
    return Page.of(overview.sweep() + " – Spindle sweep", body);
  }
}

package spindle.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import spindle.result.Root;
import spindle.result.StorageException;

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
      throw new StorageException("cannot write " + file + ": " + Root.reason(e), e);
    }
  }

  private static String html(Tables tables) {
    Overview overview = Overview.of(tables);
    Origin origin = Origin.of(tables);
    Declared declared = Declared.of(origin.yaml(), origin.overrides());
    Axes axes = Axes.of(tables, overview.trials(), declared);
    var grid = Grid.of(tables, Layout.of(axes.swept(), overview.configurations()));
    var measures = Measure.of(tables, declared);
    String body =
        new Header(overview, origin, tables.kept()).html()
            + section("swept", () -> SweptSection.html(tables, axes, overview, declared))
            + section("metrics", () -> new MetricSection(tables, grid, measures, overview).html())
            + section("curves", () -> new CurveSection(tables, declared).html())
            + section("activity", () -> ActivitySection.html(tables, measures))
            + section(
                "failures", () -> FailureSection.html(tables, overview.ok() < overview.trials()))
            + section("timing", () -> TimingSection.html(overview.totals()))
            + section("origin", () -> origin.html(overview))
            + section("tables", () -> TablesSection.html(tables, axes, measures));
    return Page.of(overview.sweep() + " – Spindle sweep", body);
  }

  /** A section; one that cannot be made says so and leaves the others alone. */
  private static String section(String id, Supplier<String> html) {
    try {
      return html.get();
    } catch (Exception e) { // Scala code throws checked exceptions without saying so
      var stack = new StringWriter();
      e.printStackTrace(new PrintWriter(stack));
      String lost =
          "This section could not be made; the tables hold what it would show. "
              + Html.code(e.getClass().getSimpleName());
      String body = Html.paragraph(lost) + Html.fold("Stack", Html.pre(stack.toString()));
      return Html.section(id, Page.heading(id), body);
    }
  }
}

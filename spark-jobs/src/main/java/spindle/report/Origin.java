package spindle.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/**
 * Where the results come from.
 *
 * @param runs one row per run, in order of start
 */
record Origin(List<Row> runs) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  static Origin of(Tables tables) {
    return new Origin(
        tables
            .of(Table.PROVENANCE)
            .withColumn("start_us", unix_micros(col("started_at")))
            .withColumn("end_us", unix_micros(col("finished_at")))
            .drop("started_at", "finished_at")
            .orderBy("start_us", "run_id")
            .collectAsList());
  }

  /** Text of the sweep file of the latest run; empty if none is known. */
  String yaml() {
    return runs.isEmpty() ? "" : Tables.string(last(), "config_yaml");
  }

  private Row last() {
    return runs.get(runs.size() - 1);
  }

  /** {@code --set} arguments of the latest run. */
  List<String> overrides() {
    return runs.isEmpty() ? List.of() : overrides(last());
  }

  private static List<String> overrides(Row run) {
    int at = run.fieldIndex("overrides");
    return run.isNullAt(at) ? List.of() : run.getList(at);
  }

  /** The runs that have ended, in order of start, with their wall time [s]. */
  List<Run> ended() {
    return runs.stream()
        .map(r -> new Run(Tables.string(r, "run_id"), seconds(r)))
        .filter(r -> r.seconds() > 0)
        .toList();
  }

  /** A run and its wall time [s]. */
  record Run(String id, double seconds) {}

  private static double seconds(Row run) {
    return (Tables.number(run, "end_us") - Tables.number(run, "start_us")) * 1e-6;
  }

  /** When the first run began, as a date and a time. */
  String began() {
    return runs.isEmpty() ? "" : time(runs.get(0), "start_us");
  }

  private static String time(Row run, String column) {
    double us = Tables.number(run, column);
    if (Double.isNaN(us)) {
      return "–";
    }
    return TIME.format(Instant.EPOCH.plus((long) us, ChronoUnit.MICROS)) + " UTC";
  }

  String html(Overview overview) {
    if (runs.isEmpty()) {
      return Html.section("origin", "Provenance", Html.paragraph("No run is on record."));
    }
    String plan =
        "Plan "
            + Html.code(Tables.string(last(), "plan_id"))
            + ", engine "
            + each("engine_version");
    String numerics = ", numerics version " + in(overview, "numerics_version");
    String devices = "; ran on " + in(overview, "device") + ".";
    String resolved = Tables.string(last(), "resolved_yaml");
    String body =
        Html.paragraph(plan + numerics + devices)
            + runTable()
            + Html.fold("Sweep file", Html.pre(yaml()))
            + (resolved.isEmpty() ? "" : Html.fold("Sweep file, resolved", Html.pre(resolved)));
    return Html.section("origin", "Provenance", body);
  }

  private static String in(Overview overview, String column) {
    return Html.text(String.join(", ", overview.texts(overview.totals(), column)));
  }

  private String each(String column) {
    var all = new LinkedHashSet<String>();
    runs.forEach(r -> all.add(Html.code(Tables.string(r, column))));
    return String.join(", ", all);
  }

  private String runTable() {
    var heads =
        new ArrayList<>(List.of("Run", "Plan", "Started", "#Took", "Outcome", "Git", "Java"));
    heads.addAll(List.of("Spark", "#Hosts", "GPU, driver", "Overrides"));
    return Html.table(heads, runs.stream().map(Origin::row).toList());
  }

  private static String row(Row r) {
    String gpu = (Tables.string(r, "gpu_model") + " " + Tables.string(r, "driver_version")).strip();
    return Html.row(
        Html.td(Html.code(Tables.string(r, "run_id"))),
        Html.td(Html.code(shortened(Tables.string(r, "plan_id")))),
        Html.td(time(r, "start_us")),
        Html.number(Numbers.seconds(seconds(r))),
        Html.td(Html.text(Tables.string(r, "outcome"))),
        Html.td(git(r)),
        Html.td(Html.text(Tables.string(r, "java_version"))),
        Html.td(Html.text(Tables.string(r, "spark_version"))),
        Html.number(Html.text(Tables.string(r, "host_count"))),
        Html.td(gpu.isEmpty() ? "–" : Html.text(gpu)),
        Html.td(Html.text(String.join(" ", overrides(r)))));
  }

  private static String shortened(String hash) {
    return hash.substring(0, Math.min(10, hash.length()));
  }

  private static String git(Row r) {
    String commit = Tables.string(r, "git_commit");
    if (commit.isEmpty()) {
      return "–";
    }
    boolean dirty = "true".equals(Tables.string(r, "git_dirty"));
    return Html.code(shortened(commit)) + (dirty ? " with changes" : "");
  }
}

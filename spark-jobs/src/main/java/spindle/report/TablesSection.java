package spindle.report;

import java.util.ArrayList;
import java.util.List;
import spindle.result.Table;

/** How to read the tables elsewhere. */
final class TablesSection {
  private TablesSection() {}

  static String html(Tables tables, Axes axes, List<Measure> measures) {
    var rows = new ArrayList<String>();
    for (Table table : tables.published()) {
      rows.add(Html.row(Html.td(Html.code(table.folder() + "/")), Html.td(about(table))));
    }
    String folder = tables.folder().toString();
    String where = "Plain Parquet in " + Html.code(folder) + ":";
    String body =
        Html.paragraph(where)
            + Html.table(List.of("Folder", "Holds"), rows)
            + kept(tables)
            + "<h3>DuckDB</h3>\n"
            + Html.pre(duckdb(folder, axes, measures))
            + "<h3>Spark</h3>\n"
            + Html.pre(spark(folder));
    return Html.section("tables", "The tables", body);
  }

  private static String about(Table table) {
    return switch (table) {
      case TRIALS -> "one row per trial: status, times, sizes, device";
      case PARAMS -> "one row per trial and parameter";
      case METRICS -> "one row per trial and metric";
      case AGGREGATES -> "one row per configuration and metric: mean, interval, quantiles";
      case SPIKES -> "one row per trial, population and span of time: lists of steps and neurons";
      case TRACES -> "one row per trial, population, variable and span of time";
      case FAILURES -> "one row per failed attempt";
      case PROVENANCE -> "one row per run";
    };
  }

  private static String kept(Tables tables) {
    return tables.kept() == 0
        ? ""
        : Html.note(
            "They also hold "
                + Numbers.count(tables.kept(), "trial")
                + " of earlier plans. The trials of the present one are listed in the newest "
                + Html.code("_plan/*.trials.csv")
                + ".");
  }

  private static String duckdb(String folder, Axes axes, List<Measure> measures) {
    boolean numeric = axes.swept().stream().findFirst().map(SweptAxis::numeric).orElse(true);
    String axis = axes.swept().stream().findFirst().map(SweptAxis::name).orElse("net.neurons");
    String metric = measures.stream().findFirst().map(Measure::metric).orElse("mean_rate");
    return """
    SELECT %s AS axis, avg(m.value) AS mean, stddev(m.value) AS sd, count(*) AS n
    FROM read_parquet('%s/metrics/*.parquet') m
    JOIN read_parquet('%s/params/*.parquet') p USING (trial_id)
    JOIN read_parquet('%s/trials/*.parquet') t USING (trial_id)
    WHERE t.in_plan AND m.metric = '%s' AND p.name = '%s' AND NOT isnan(m.value)
    GROUP BY 1 ORDER BY 1;
    """
        .formatted(
            numeric ? "coalesce(p.value_d, p.value_l)" : "p.value_s",
            quoted(folder),
            quoted(folder),
            quoted(folder),
            quoted(metric),
            quoted(axis));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }

  private static String spark(String folder) {
    return """
    spikes = spark.read.parquet("%1$s/spikes")
    trials = spark.read.parquet("%1$s/trials").select("trial_id", "dt_ms")
    long = (spikes.join(trials, "trial_id")
        .selectExpr("trial_id", "population", "dt_ms", "chunk_start_step",
                    "inline(arrays_zip(step_offset, neuron))")
        .selectExpr("trial_id", "population", "neuron",
                    "(chunk_start_step + step_offset) * dt_ms AS t_ms"))
    """
        .formatted(folder.replace("\\", "\\\\").replace("\"", "\\\""));
  }
}

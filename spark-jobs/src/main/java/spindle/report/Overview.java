package spindle.report;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_micros;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * The sweep in a few numbers.
 *
 * @param sweep its name
 * @param statuses trials per status
 * @param totals sums and ends over all trials
 */
record Overview(String sweep, Map<String, Long> statuses, Row totals) {
  static Overview of(Tables tables) {
    var statuses = new TreeMap<String, Long>();
    tables
        .of("trials")
        .groupBy("status")
        .count()
        .collectAsList()
        .forEach(r -> statuses.put(r.getString(0), r.getLong(1)));
    var columns = new ArrayList<>(TimingSection.columns());
    columns.addAll(
        List.of(
            countDistinct("config_id").as("configs"),
            min("n_neurons").as("neurons_lo"),
            max("n_neurons").as("neurons_hi"),
            min("n_synapses").as("synapses_lo"),
            max("n_synapses").as("synapses_hi"),
            sum("n_spikes").as("spikes"),
            sum("sim_time_ms").as("model_ms"),
            min(unix_micros(col("started_at"))).as("started"),
            max(unix_micros(col("finished_at"))).as("finished"),
            max("peak_device_bytes").as("peak"),
            texts("device"),
            texts("backend"),
            texts("precision"),
            texts("dt_ms"),
            texts("numerics_version"),
            texts("engine_version"),
            max(col("replicate").plus(lit(1))).as("replicates")));
    Row totals =
        tables.of("trials").agg(min("sweep").as("sweep"), columns.toArray(Column[]::new)).head();
    return new Overview(Tables.string(totals, "sweep"), statuses, totals);
  }

  private static Column texts(String column) {
    return array_sort(collect_set(col(column).cast("string"))).as(column);
  }

  long trials() {
    return statuses.values().stream().mapToLong(n -> n).sum();
  }

  long ok() {
    return statuses.getOrDefault("ok", 0L);
  }

  long configurations() {
    return Tables.whole(totals, "configs");
  }

  /** The different texts of a column, in order. */
  List<String> texts(Row row, String column) {
    return row.<String>getList(row.fieldIndex(column)).stream().map(String::valueOf).toList();
  }

  /** The head of the page: name, one line, and the numbers. */
  String html(double wallSeconds) {
    var tiles = new ArrayList<String>();
    tiles.add(tile("trials", Numbers.count(trials()), statusBreakdown()));
    double rate = trials() / wallSeconds;
    String perSecond = wallSeconds > 0 ? Numbers.value(rate) + " trials/s" : "";
    tiles.add(tile("wall time", wallSeconds > 0 ? Numbers.seconds(wallSeconds) : "–", perSecond));
    tiles.add(tile("neurons", range("neurons"), range("synapses") + " synapses"));
    double model = Tables.number(totals, "model_ms") / 1000;
    tiles.add(
        tile(
            "spikes",
            Numbers.count(Tables.whole(totals, "spikes")),
            "in " + Numbers.seconds(model) + " of model time"));
    tiles.add(tile("step", join("dt_ms") + " ms", join("precision")));
    tiles.add(
        tile(
            "device",
            Html.text(String.join(", ", texts(totals, "device"))),
            Html.text(String.join(", ", texts(totals, "backend")))
                + " backend, at most "
                + Numbers.bytes(Tables.number(totals, "peak"))));
    return "<div class=\"tiles\">\n" + String.join("", tiles) + "</div>\n";
  }

  private String join(String column) {
    return Html.text(String.join(", ", texts(totals, column)));
  }

  private String range(String what) {
    return Numbers.range(Tables.whole(totals, what + "_lo"), Tables.whole(totals, what + "_hi"));
  }

  private String statusBreakdown() {
    var parts = new ArrayList<String>();
    statuses.forEach(
        (status, n) ->
            parts.add(
                "<span class=\"status "
                    + (status.equals("ok") ? "good" : "bad")
                    + "\">"
                    + Numbers.count(n)
                    + " "
                    + Html.text(status)
                    + "</span>"));
    return String.join(" ", parts);
  }

  private static String tile(String name, String value, String more) {
    String size = value.length() > 9 ? " class=\"long\"" : "";
    return "<div class=\"tile\"><h2>%s</h2><strong%s>%s</strong><span>%s</span></div>\n"
        .formatted(name, size, value, more);
  }
}

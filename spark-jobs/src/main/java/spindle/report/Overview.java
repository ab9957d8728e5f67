package spindle.report;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/**
 * The sweep in a few numbers.
 *
 * @param sweep its name
 * @param statuses trials per status
 * @param perRun trials that each run did
 * @param totals sums and ends over all trials
 */
record Overview(String sweep, Map<String, Long> statuses, Map<String, Work> perRun, Row totals) {
  /** Trials that a run did, and the time from the first one's start to the last one's end [s]. */
  record Work(long trials, double seconds) {}

  static Overview of(Tables tables) {
    var columns = new ArrayList<>(TimingSection.columns());
    columns.addAll(columns());
    Row totals =
        tables
            .of(Table.TRIALS)
            .agg(min("sweep").as("sweep"), columns.toArray(Column[]::new))
            .head();
    var statuses = new TreeMap<String, Long>();
    for (Row r : tables.of(Table.TRIALS).groupBy("status").count().collectAsList()) {
      statuses.merge(r.getString(0), r.getLong(1), Long::sum);
    }
    var perRun = new TreeMap<String, Work>();
    for (Row r :
        tables.of(Table.TRIALS).groupBy("run_id").agg(count(lit(1)), span()).collectAsList()) {
      perRun.put(Tables.string(r, "run_id"), new Work(r.getLong(1), Tables.number(r, "span")));
    }
    return new Overview(Tables.string(totals, "sweep"), statuses, perRun, totals);
  }

  private static Column span() {
    return max(col("finished_at").cast("double"))
        .minus(min(col("started_at").cast("double")))
        .as("span");
  }

  private static List<Column> columns() {
    return List.of(
        countDistinct("config_id").as("configs"),
        min("n_neurons").as("neurons_lo"),
        max("n_neurons").as("neurons_hi"),
        min("n_synapses").as("synapses_lo"),
        max("n_synapses").as("synapses_hi"),
        sum("n_spikes").as("spikes"),
        sum("sim_time_ms").as("model_ms"),
        max("peak_device_bytes").as("peak"),
        texts("device"),
        texts("backend"),
        texts("precision"),
        texts("dt_ms"),
        texts("numerics_version"),
        texts("engine_version"),
        countDistinct("seed").as("seeds"),
        max(col("replicate").plus(lit(1))).as("replicates"));
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

  /** Trials of a configuration, at most. */
  long replicates() {
    return Math.max(1, Tables.whole(totals, "replicates"));
  }

  /** Trials that a run of some id did. */
  long ran(String runId) {
    return perRun.getOrDefault(runId, new Work(0, 0)).trials();
  }

  long configurations() {
    return Tables.whole(totals, "configs");
  }

  /** The different texts of a column, in order. */
  List<String> texts(Row row, String column) {
    return row.<String>getList(row.fieldIndex(column)).stream().map(String::valueOf).toList();
  }

  /** The head of the page: name, one line, and the numbers. */
  String html(List<Origin.Run> ended) {
    List<Origin.Run> runs = ended.stream().filter(r -> ran(r.id()) > 0).toList();
    var tiles = new ArrayList<String>();
    tiles.add(tile("trials", Numbers.count(trials()), statusBreakdown()));
    double wall = runs.stream().mapToDouble(Origin.Run::seconds).sum();
    tiles.add(tile("wall time to tables", wall > 0 ? Numbers.seconds(wall) : "–", rate(runs)));
    tiles.add(tile("neurons", range("neurons"), range("synapses") + " synapses"));
    double model = Tables.number(totals, "model_ms") / 1000;
    if (model > 0) {
      tiles.add(
          tile(
              "spikes",
              Numbers.count(Tables.whole(totals, "spikes")),
              "in " + Numbers.seconds(model) + " of model time"));
      tiles.add(tile("step", join("dt_ms") + " ms", join("precision")));
    }
    tiles.add(
        tile(
            "device",
            join("backend"),
            join("device") + ", at most " + Numbers.bytes(Tables.number(totals, "peak"))));
    return "<div class=\"tiles\">\n" + String.join("", tiles) + "</div>\n";
  }

  /** The rate of the latest run by itself: trials it found done took it no time. */
  private String rate(List<Origin.Run> runs) {
    if (runs.isEmpty()) {
      return "";
    }
    Origin.Run last = runs.get(runs.size() - 1);
    long did = ran(last.id());
    double span = did == 0 ? 0 : perRun.get(last.id()).seconds();
    String rate =
        span > 0
            ? " in %s (%s trials/s)"
                .formatted(Numbers.seconds(span), Numbers.significant(did / span, 3))
            : "";
    return runs.size() == 1
        ? Numbers.count(did, "trial") + rate
        : "in %s; the latest did %s%s"
            .formatted(Numbers.count(runs.size(), "run"), Numbers.count(did, "trial"), rate);
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

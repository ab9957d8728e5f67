package spindle.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.when;

import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/**
 * One metric over all trials that are ok.
 *
 * @param metric name
 * @param split {@code train}, {@code valid}, {@code test} or empty
 * @param unit symbol, empty for plain numbers
 * @param values trials that have a value
 * @param smallest smallest value
 * @param p05 5th percentile; like all of them interpolated linearly, as in {@code aggregates}
 * @param median 50th percentile
 * @param p95 95th percentile
 * @param largest largest value
 */
record Measure(
    String metric,
    String split,
    String unit,
    long values,
    double smallest,
    double p05,
    double median,
    double p95,
    double largest) {

  /** The metrics of a sweep, in the order of its file or else of its model. */
  static List<Measure> of(Tables tables, Declared declared) {
    return last(tables)
        .groupBy("metric", "split")
        .agg(
            max("unit").as("unit"),
            count(col("value")).as("values"),
            min("value").as("min"),
            quantile(0.05).as("p05"),
            quantile(0.5).as("median"),
            quantile(0.95).as("p95"),
            max("value").as("max"))
        .collectAsList()
        .stream()
        .map(Measure::of)
        .sorted(
            Comparator.comparingInt((Measure m) -> declared.rank(m.metric()))
                .thenComparing(Measure::metric)
                .thenComparing(Measure::split))
        .toList();
  }

  /** What each trial that is ok ended with, by metric; null where it has no value. */
  static Dataset<Row> last(Tables tables) {
    Dataset<Row> ok = tables.of(Table.TRIALS).filter("status = 'ok'").select("trial_id");
    Column value = when(isnan(col("value")), lit(null)).otherwise(col("value"));
    return tables
        .of(Table.METRICS)
        .filter("step is null")
        .join(ok, "trial_id")
        .select(col("trial_id"), col("metric"), col("split"), value.as("value"), col("unit"));
  }

  private static Column quantile(double p) {
    return percentile(col("value"), lit(p));
  }

  private static Measure of(Row r) {
    return new Measure(
        Tables.string(r, "metric"),
        Tables.string(r, "split"),
        Tables.string(r, "unit"),
        Tables.whole(r, "values"),
        Tables.number(r, "min"),
        Tables.number(r, "p05"),
        Tables.number(r, "median"),
        Tables.number(r, "p95"),
        Tables.number(r, "max"));
  }

  static String key(String metric, String split) {
    return metric + "\n" + split;
  }

  String key() {
    return key(metric, split);
  }

  /** Name for people: the metric and, if there is one, the split. */
  String name() {
    return split.isEmpty() ? metric : metric + ", " + split;
  }
}

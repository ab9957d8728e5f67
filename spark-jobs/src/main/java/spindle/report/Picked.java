package spindle.report;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/**
 * A trial shown in detail.
 *
 * @param trialId its id
 * @param why why this one, in words
 * @param value its primary metric, NaN without one
 * @param dtMs its step [ms]
 * @param sizes neurons of each population, empty if the table does not know
 */
record Picked(String trialId, String why, double value, double dtMs, Map<String, Long> sizes) {

  /** The highest and the median trial by the first metric, of those that were recorded. */
  static List<Picked> of(Tables tables, List<Measure> measures) {
    Dataset<Row> kept =
        tables
            .of(Table.SPIKES)
            .select("trial_id")
            .union(tables.of(Table.TRACES).select("trial_id"))
            .distinct();
    Dataset<Row> shown =
        tables
            .of(Table.TRIALS)
            .filter("status = 'ok'")
            .select("trial_id", "dt_ms", "population_sizes")
            .join(kept, "trial_id");
    var primary = measures.stream().filter(m -> m.values() > 0).findFirst();
    if (primary.isEmpty()) {
      return any(shown);
    }
    Measure m = primary.get();
    Dataset<Row> ranked =
        Measure.last(tables)
            .filter(col("metric").equalTo(m.metric()).and(col("value").isNotNull()))
            .filter(coalesce(col("split"), lit("")).equalTo(m.split()))
            .select("trial_id", "value")
            .join(shown, "trial_id");
    var found = byRank(ranked, m);
    return found.isEmpty() ? any(shown) : found;
  }

  private static List<Picked> any(Dataset<Row> shown) {
    return shown.orderBy("trial_id").limit(1).collectAsList().stream()
        .map(
            r ->
                new Picked(
                    r.getString(0), "First trial", Double.NaN, Tables.number(r, "dt_ms"), sizes(r)))
        .toList();
  }

  private static List<Picked> byRank(Dataset<Row> ranked, Measure m) {
    Column trial = struct(col("trial_id"), col("value"), col("dt_ms"), col("population_sizes"));
    Column ends = struct(col("value"), col("trial_id"));
    Row r = ranked.agg(max_by(trial, ends), percentile(col("value"), lit(0.5))).head();
    if (r.isNullAt(0)) {
      return List.of();
    }
    var out = new ArrayList<Picked>();
    out.add(picked(r.getStruct(0), "Highest " + m.name()));
    Column distance = struct(abs(col("value").minus(r.getDouble(1))), col("trial_id"));
    Row middle = ranked.agg(min_by(trial, distance)).head().getStruct(0);
    if (!middle.getString(0).equals(out.get(0).trialId())) {
      out.add(picked(middle, "Typical: median " + m.name()));
    }
    return out;
  }

  private static Picked picked(Row r, String why) {
    return new Picked(r.getString(0), why, r.getDouble(1), Tables.number(r, "dt_ms"), sizes(r));
  }

  private static Map<String, Long> sizes(Row r) {
    int at = r.fieldIndex("population_sizes");
    return r.isNullAt(at) ? Map.of() : new TreeMap<>(r.<String, Long>getJavaMap(at));
  }
}

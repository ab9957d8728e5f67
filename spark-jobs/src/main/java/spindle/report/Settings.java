package spindle.report;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/** The swept parameters of a few trials, in words. */
final class Settings {
  private Settings() {}

  /** Markup such as {@code syn.g_exc = 6 nS, syn.g_inh = 67 nS} by trial. */
  static Map<String, String> of(Tables tables, Collection<String> trials) {
    var out = new HashMap<String, String>();
    tables
        .of(Table.PARAMS)
        .filter(col("axis").and(col("trial_id").isin(trials.toArray())))
        .select(col("trial_id"), col("name"), col("unit"), Tables.numeric(), Tables.textual())
        .groupBy("trial_id")
        .agg(array_sort(collect_list(struct("name", "unit", "number", "text"))))
        .collectAsList()
        .forEach(r -> out.put(r.getString(0), words(r)));
    return out;
  }

  private static String words(Row trial) {
    var parts = new ArrayList<String>();
    for (Row p : trial.<Row>getList(1)) {
      String text = p.isNullAt(2) ? p.getString(3) : Numbers.significant(p.getDouble(2), 5);
      String unit = Tables.string(p, "unit");
      parts.add(Html.code(p.getString(0)) + " = " + Html.text(Numbers.with(text, unit)));
    }
    return String.join(", ", parts);
  }
}

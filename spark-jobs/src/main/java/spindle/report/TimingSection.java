package spindle.report;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** Where the time of the trials went. */
final class TimingSection {
  private static final List<String> PHASES =
      List.of("build", "compile", "upload", "sim", "download", "write");
  private static final List<String> NAMES =
      List.of("build", "compile", "upload", "simulate", "download", "write");

  private TimingSection() {}

  /** What this section needs to know of all trials. */
  static List<Column> columns() {
    var columns = new ArrayList<Column>();
    for (String phase : PHASES) {
      columns.add(sum(column(phase)).as(phase));
      columns.add(percentile(column(phase), lit(0.5)).as(phase + "_median"));
      columns.add(percentile(column(phase), lit(0.95)).as(phase + "_p95"));
    }
    columns.add(percentile(column("queue"), lit(0.5)).as("queue_median"));
    Column factor =
        when(
            col("sim_time_ms").gt(0).and(column("sim").gt(0)),
            column("sim").divide(col("sim_time_ms").divide(1000)));
    Column ends = array(lit(0.05), lit(0.5), lit(0.95));
    columns.add(percentile(factor, ends).as("factor"));
    columns.add(count(factor).as("factors"));
    return columns;
  }

  static String html(Row r) {
    double all = PHASES.stream().mapToDouble(p -> finite(Tables.number(r, p))).sum();
    if (!(all > 0)) {
      return Html.section("timing", "Timing", Html.paragraph("No times were recorded."));
    }
    return Html.section("timing", "Timing", bar(r, all) + table(r, all) + factor(r));
  }

  private static Column column(String phase) {
    return col("t_" + phase + "_s");
  }

  private static double finite(double v) {
    return Double.isFinite(v) ? v : 0;
  }

  private static String bar(Row r, double all) {
    var out =
        new StringBuilder("<div class=\"bar\" role=\"img\" aria-label=\"share of each phase\">");
    for (int i = 0; i < PHASES.size(); i++) {
      double share = 100 * finite(Tables.number(r, PHASES.get(i))) / all;
      if (share > 0) {
        String text = share >= 8 ? NAMES.get(i) + " " + Numbers.significant(share, 2) + " %" : "";
        out.append(
            "<span class=\"b%d\" style=\"width:%s%%\">%s</span>"
                .formatted(i, Double.toString(Math.round(share * 100) / 100.0), text));
      }
    }
    return out + "</div>\n";
  }

  private static String table(Row r, double all) {
    var rows = new ArrayList<String>();
    for (int i = 0; i < PHASES.size(); i++) {
      double total = finite(Tables.number(r, PHASES.get(i)));
      boolean always = !NAMES.get(i).endsWith("load");
      if (total > 0 || always) {
        rows.add(
            Html.row(
                Html.td("<i class=\"swatch b" + i + "\"></i>" + NAMES.get(i)),
                Html.number(Numbers.seconds(Tables.number(r, PHASES.get(i) + "_median"))),
                Html.number(Numbers.seconds(Tables.number(r, PHASES.get(i) + "_p95"))),
                Html.number(Numbers.seconds(total)),
                Html.number(Numbers.significant(100 * total / all, 3) + " %")));
      }
    }
    return Html.table(List.of("Phase", "#Median trial", "#95 %", "#All trials", "#Share"), rows);
  }

  /** Wall time per model time of the simulation alone. */
  private static String factor(Row r) {
    double queue = Tables.number(r, "queue_median");
    String waited =
        queue > 0 ? " A trial waited " + Numbers.seconds(queue) + " for a core (median)." : "";
    int at = r.fieldIndex("factor");
    if (r.isNullAt(at)) {
      return Html.note(waited);
    }
    List<Double> q = r.getList(at);
    return Html.paragraph(
        "Simulating one second of model time took <strong>"
            + Numbers.seconds(q.get(1))
            + "</strong> (median of "
            + Numbers.count(Tables.whole(r, "factors"), "trial")
            + "; 5 % to 95 %: "
            + Numbers.seconds(q.get(0))
            + " to "
            + Numbers.seconds(q.get(2))
            + "), which is "
            + speed(q.get(1))
            + "."
            + waited);
  }

  private static String speed(double factor) {
    return factor < 1
        ? Numbers.significant(1 / factor, 3) + " times faster than real time"
        : Numbers.significant(factor, 3) + " times slower than real time";
  }
}

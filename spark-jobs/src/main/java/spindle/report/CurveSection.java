package spindle.report;

import static org.apache.spark.sql.functions.ceil;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import spindle.result.Table;

/** Training curves and the paths of gradient search: values of a few trials over their updates. */
record CurveSection(Tables tables, Declared declared) {
  /** Trials that are drawn, and points of each: more cannot be told apart. */
  private static final int MOST_TRIALS = 20;

  private static final int MOST_POINTS = 200;
  private static final int MOST_FIGURES = 12;

  /** From this ratio of largest to smallest value on, an axis of values is logarithmic. */
  private static final double MUCH = 30;

  /** A value of a trial behind so many updates. */
  private record Point(String trial, String split, double step, double value) {}

  /** The section; nothing where no trial has a curve. */
  String html() {
    Map<String, List<Point>> curves = curves();
    if (curves.isEmpty()) {
      return "";
    }
    var figures = new StringBuilder();
    List<String> names = new ArrayList<>(curves.keySet());
    names.sort(Comparator.comparingInt(declared::rank).thenComparing(n -> n));
    for (String metric : names.subList(0, Math.min(MOST_FIGURES, names.size()))) {
      figures.append(figure(metric, curves.get(metric), names.indexOf(metric)));
    }
    return Html.section("curves", Page.heading("curves"), said(curves) + figures(figures));
  }

  private static String figures(CharSequence figures) {
    return "<div class=\"figures\">\n" + figures + "</div>\n";
  }

  private static String said(Map<String, List<Point>> curves) {
    long shown =
        curves.values().stream().flatMap(List::stream).map(Point::trial).distinct().count();
    return Html.paragraph(
        "What "
            + (shown == 1 ? "a trial" : shown + " trials")
            + " had on the way, one line each, over the updates of its parameters.");
  }

  private Map<String, List<Point>> curves() {
    Dataset<Row> points = tables.of(Table.METRICS).filter("step is not null and value is not null");
    List<Row> trials =
        points.select("trial_id").distinct().orderBy("trial_id").limit(MOST_TRIALS).collectAsList();
    if (trials.isEmpty()) {
      return Map.of();
    }
    Object[] ids = trials.stream().map(r -> r.getString(0)).toArray();
    return byMetric(thinned(points.filter(col("trial_id").isin(ids))));
  }

  /** Every n-th point of each line and its last: updates with a point need not lie evenly. */
  private static Dataset<Row> thinned(Dataset<Row> points) {
    WindowSpec line = Window.partitionBy("metric", "trial_id", "split");
    Column every = ceil(col("points").divide(MOST_POINTS));
    return points
        .withColumn("points", count(lit(1)).over(line))
        .withColumn("nth", row_number().over(line.orderBy("step")).minus(1))
        .filter(col("nth").mod(every).equalTo(0).or(col("nth").equalTo(col("points").minus(1))));
  }

  private static Map<String, List<Point>> byMetric(Dataset<Row> points) {
    var curves = new TreeMap<String, List<Point>>();
    List<Row> rows =
        points
            .withColumn("split", coalesce(col("split"), lit("")))
            .select("metric", "trial_id", "split", "step", "value")
            .orderBy("metric", "trial_id", "split", "step")
            .collectAsList();
    for (Row r : rows) {
      if (Double.isFinite(r.getDouble(4))) {
        var point =
            new Point(r.getString(1), r.getString(2), (double) r.getLong(3), r.getDouble(4));
        curves.computeIfAbsent(r.getString(0), m -> new ArrayList<>()).add(point);
      }
    }
    return curves;
  }

  private String figure(String metric, List<Point> points, int number) {
    String unit = unit(metric);
    String title = "<h3>" + Html.text(metric) + small(unit) + "</h3>\n";
    String svg = svg(metric, unit, points, "curve" + number);
    return Html.figure(title, svg, ends(points, unit));
  }

  private static String small(String unit) {
    return unit.isEmpty() ? "" : " <small>" + Html.text(unit) + "</small>";
  }

  private String unit(String metric) {
    List<Row> found =
        tables
            .of(Table.METRICS)
            .filter(col("metric").equalTo(metric))
            .select("unit")
            .limit(1)
            .collectAsList();
    return found.isEmpty() || found.get(0).isNullAt(0) ? "" : found.get(0).getString(0);
  }

  private static String svg(String metric, String unit, List<Point> points, String id) {
    var rows = new Spec.Columns("x", "y", "split", "run");
    var splits = new LinkedHashSet<String>();
    for (Point p : points) {
      String split = p.split().isEmpty() ? "all" : Spec.plain(p.split());
      splits.add(split);
      rows.add(p.step(), p.value(), split, p.trial() + "/" + split);
    }
    var mapping = Spec.of("x", "x", "y", "y", "color", "split", "group", "run");
    var line = Spec.with(Spec.layer("line", rows, mapping), "size", 0.7, "alpha", 0.8);
    var color = Spec.series("color", "", List.copyOf(splits));
    if (splits.size() == 1) {
      color.put("guide", "none");
    }
    var x = Spec.axis("x", "update", Spec.Ticks.AUTO);
    var plot =
        Spec.plot(List.of(line), List.of(x, y(metric, unit, points), color), Panels.HALF, 260);
    return Svg.draw(plot, id, metric + " over the updates");
  }

  private static Map<String, Object> y(String metric, String unit, List<Point> points) {
    double lo = points.stream().mapToDouble(Point::value).min().orElse(0);
    double hi = points.stream().mapToDouble(Point::value).max().orElse(1);
    String title = Numbers.title(metric, unit);
    return lo > 0 && hi > MUCH * lo
        ? Spec.with(
            Spec.axis("y", title, Spec.Ticks.logarithmic(lo, hi)),
            "trans",
            "log10",
            "limits",
            List.of(lo, hi))
        : Spec.axis("y", title, Spec.Ticks.AUTO);
  }

  /** First and last value of each line, as a table to unfold. */
  private static String ends(List<Point> points, String unit) {
    var first = new LinkedHashMap<String, Point>();
    var last = new LinkedHashMap<String, Point>();
    for (Point p : points) {
      String line = (p.trial().substring(0, Math.min(8, p.trial().length())) + " " + p.split());
      first.putIfAbsent(line, p);
      last.put(line, p);
    }
    var rows = new ArrayList<String>();
    first.forEach(
        (line, p) ->
            rows.add(
                Html.row(
                    Html.td(Html.code(line.strip())),
                    Html.number(Html.text(Numbers.value(p.value()))),
                    Html.number(Html.text(Numbers.value(last.get(line).value()))))));
    List<String> heads = List.of("trial", "#first" + small(unit), "#last" + small(unit));
    return Html.fold("First and last values", Html.table(heads, rows));
  }
}

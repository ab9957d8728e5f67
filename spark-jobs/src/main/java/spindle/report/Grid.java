package spindle.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/**
 * The configurations of a sweep, each placed on the drawn axes.
 *
 * @param layout drawn axes
 * @param configs one row per configuration: config_id, position x, y, panel, and value vx, vy
 */
record Grid(Tables tables, Layout layout, Dataset<Row> configs) {
  /** At most so many points are drawn in one scatter plot. */
  static final int MOST_POINTS = 2000;

  /** A position: level of x, level of y or series, panel; 0 for what is not drawn. */
  record Cell(int x, int y, int panel) implements Comparable<Cell> {
    private static final Comparator<Cell> ORDER =
        Comparator.comparingInt(Cell::panel).thenComparingInt(Cell::y).thenComparingInt(Cell::x);

    @Override
    public int compareTo(Cell other) {
      return ORDER.compare(this, other);
    }
  }

  /** Trials at a position, and how many of them are ok. */
  record Trials(long all, long ok) {}

  /**
   * A metric at a position.
   *
   * @param lo lower end of the 95 % interval of the mean, NaN if there is none
   * @param hi upper end
   * @param n trials that it rests on
   * @param sd standard deviation between trials, NaN if there is none
   */
  record Stat(double mean, double lo, double hi, long n, double sd) {
    /** Below so many trials an interval says less than the trials themselves. */
    static final int FEW = 4;

    /** A mean of which no spread is known. */
    Stat(double mean, double lo, double hi, long n) {
      this(mean, lo, hi, n, Double.NaN);
    }

    /** Whether the interval is drawn rather than the trials. */
    boolean banded() {
      return n >= FEW && Double.isFinite(lo) && Double.isFinite(hi);
    }
  }

  /** One configuration of a scatter plot. */
  record Point(double x, double y, double mean) {}

  static Grid of(Tables tables, Layout layout) {
    Dataset<Row> trials = tables.of(Table.TRIALS).select("trial_id", "config_id");
    if (layout.kind() == Layout.Kind.NOTHING) {
      return new Grid(tables, layout, placed(trials.select("config_id").distinct(), layout));
    }
    Object[] names = layout.axes().stream().map(SweptAxis::name).toArray();
    Dataset<Row> values =
        tables
            .of(Table.PARAMS)
            .filter(col("axis").and(col("name").isin(names)))
            .select(col("trial_id"), col("name"), Tables.numeric(), Tables.textual())
            .join(trials, "trial_id");
    Column[] columns = new Column[names.length];
    for (int i = 0; i < names.length; i++) {
      Column value = col(layout.axes().get(i).numeric() ? "number" : "text");
      columns[i] = max(when(col("name").equalTo(names[i]), value)).as("a" + i);
    }
    Dataset<Row> wide =
        values
            .groupBy("config_id")
            .agg(columns[0], java.util.Arrays.copyOfRange(columns, 1, columns.length));
    return new Grid(tables, layout, placed(wide, layout));
  }

  private static Dataset<Row> placed(Dataset<Row> wide, Layout layout) {
    Dataset<Row> out = wide;
    String[] names = {"x", "y", "panel"};
    for (int i = 0; i < names.length; i++) {
      boolean drawn = i < layout.axes().size();
      out = out.withColumn(names[i], drawn ? layout.axes().get(i).index(col("a" + i)) : lit(0));
    }
    return out.filter("x >= 0 and y >= 0 and panel >= 0");
  }

  /** Trials per position, whether they ended well or not. */
  Map<Cell, Trials> trials() {
    var out = new TreeMap<Cell, Trials>();
    tables
        .of(Table.TRIALS)
        .select("config_id", "status")
        .join(configs, "config_id")
        .groupBy("x", "y", "panel")
        .agg(count(lit(1)).as("all"), count(when(col("status").equalTo("ok"), 1)).as("ok"))
        .collectAsList()
        .forEach(r -> out.put(cell(r), new Trials(r.getLong(3), r.getLong(4))));
    return out;
  }

  /** Every metric at every position where it has a value; key: metric, a line break, split. */
  Map<String, Map<Cell, Stat>> stats() {
    var out = new HashMap<String, Map<Cell, Stat>>();
    for (Row r : valid().groupBy(by("x", "y", "panel")).agg(mean(), interval()).collectAsList()) {
      out.computeIfAbsent(key(r), k -> new TreeMap<>()).put(cell(r), stat(r));
    }
    return out;
  }

  private Dataset<Row> valid() {
    return tables
        .of(Table.AGGREGATES)
        .filter(col("mean").isNotNull().and(not(isnan(col("mean")))))
        .join(configs, "config_id");
  }

  private static Column[] by(String... positions) {
    var all = new java.util.ArrayList<Column>();
    all.add(col("metric"));
    all.add(col("split"));
    List.of(positions).forEach(p -> all.add(col(p)));
    return all.toArray(Column[]::new);
  }

  private static Column mean() {
    return avg("mean").as("mean");
  }

  private static Column[] interval() {
    return new Column[] {
      min("ci95_lo").as("lo"),
      max("ci95_hi").as("hi"),
      max("std").as("sd"),
      sum("n").as("n"),
      count(lit(1)).as("configs")
    };
  }

  private Stat stat(Row r) {
    boolean one = Tables.whole(r, "configs") == 1 && Tables.whole(r, "n") > 1;
    double lo = one ? Tables.number(r, "lo") : Double.NaN;
    double hi = one ? Tables.number(r, "hi") : Double.NaN;
    double sd = one ? Tables.number(r, "sd") : Double.NaN;
    return new Stat(Numbers.six(Tables.number(r, "mean")), lo, hi, Tables.whole(r, "n"), sd);
  }

  /** The trials of a sweep that is small enough to draw each: values per metric and position. */
  Map<String, Map<Cell, List<Double>>> each() {
    var out = new HashMap<String, Map<Cell, List<Double>>>();
    Dataset<Row> trials = tables.of(Table.TRIALS).select("trial_id", "config_id");
    if (trials.count() > MOST_POINTS) {
      return out;
    }
    Measure.last(tables)
        .filter("value IS NOT NULL")
        .join(trials, "trial_id")
        .join(configs, "config_id")
        .orderBy("trial_id")
        .select("metric", "split", "x", "y", "panel", "value")
        .collectAsList()
        .forEach(
            r ->
                out.computeIfAbsent(key(r), k -> new TreeMap<>())
                    .computeIfAbsent(cell(r), k -> new ArrayList<>())
                    .add(Tables.number(r, "value")));
    return out;
  }

  /** Every metric at the values themselves, for plots of random samples. */
  Map<String, List<Point>> points() {
    var out = new HashMap<String, List<Point>>();
    Dataset<Row> some = configs.orderBy("config_id").limit(MOST_POINTS);
    Dataset<Row> rows =
        new Grid(tables, layout, some)
            .valid()
            .groupBy(by("config_id"))
            .agg(first("a0").as("a0"), first("a1").as("a1"), mean());
    for (Row r : rows.orderBy("config_id").collectAsList()) {
      var point = new Point(r.getDouble(3), r.getDouble(4), Numbers.six(r.getDouble(5)));
      out.computeIfAbsent(key(r), k -> new ArrayList<>()).add(point);
    }
    return out;
  }

  private static String key(Row r) {
    return Measure.key(Tables.string(r, "metric"), Tables.string(r, "split"));
  }

  private static Cell cell(Row r) {
    return new Cell(
        (int) Tables.whole(r, "x"), (int) Tables.whole(r, "y"), (int) Tables.whole(r, "panel"));
  }
}

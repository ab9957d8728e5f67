package spindle.report;

import static org.apache.spark.sql.functions.approx_percentile;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/**
 * What was swept and what was held.
 *
 * @param swept parameters with more than one value, the ones with most values first
 * @param single parameters declared as an axis that took one value only
 */
record Axes(List<SweptAxis> swept, List<Single> single) {
  /** An axis with more values than this is shown in ranges. */
  static final int LEVELS = 64;

  /** A parameter and its only value. */
  record Single(String name, String value, String source) {}

  static Axes of(Tables tables, long trials, Declared declared) {
    Dataset<Row> values =
        tables
            .of(Table.PARAMS)
            .filter(col("axis"))
            .select(col("trial_id"), col("name"), col("unit"), Tables.numeric(), Tables.textual());
    var swept = new ArrayList<SweptAxis>();
    var single = new ArrayList<Single>();
    for (Row r : summary(values)) {
      if (Tables.whole(r, "distinct") > 1) {
        swept.add(axis(r, levels(r), trials, declared));
      } else {
        single.add(new Single(r.getString(0), value(r, Tables.string(r, "text")), "axis"));
      }
    }
    swept.sort(
        Comparator.comparingLong((SweptAxis a) -> -a.count()).thenComparing(SweptAxis::name));
    return new Axes(List.copyOf(swept), List.copyOf(single));
  }

  private static List<Row> summary(Dataset<Row> values) {
    Column all = collect_set(struct(col("number"), col("text")));
    return values
        .groupBy("name")
        .agg(
            max(col("unit")).as("unit"),
            countDistinct(col("text")).as("distinct"),
            count(col("text")).as("n"),
            count(col("number")).as("numbers"),
            min("number").as("lo"),
            max("number").as("hi"),
            min("text").as("text"),
            approx_percentile(col("number"), lit(0.5), lit(1000)).as("median"),
            when(size(all).leq(LEVELS), array_sort(all)).as("levels"))
        .orderBy("name")
        .collectAsList();
  }

  private static List<Level> levels(Row r) {
    int at = r.fieldIndex("levels");
    return r.isNullAt(at) ? List.of() : r.<Row>getList(at).stream().map(Axes::level).toList();
  }

  private static Level level(Row r) {
    return r.isNullAt(0)
        ? new Level(Double.NaN, r.getString(1))
        : new Level(r.getDouble(0), Numbers.significant(r.getDouble(0), 5));
  }

  private static SweptAxis axis(Row r, List<Level> levels, long trials, Declared declared) {
    boolean numeric = Tables.whole(r, "numbers") == Tables.whole(r, "n");
    Spacing shown =
        numeric ? Spacing.of(levels.stream().map(Level::value).toList()) : Spacing.CHOICE;
    Spacing spacing = declared.spacing(r.getString(0)).filter(s -> numeric).orElse(shown);
    var axis =
        new SweptAxis(
            r.getString(0),
            Tables.string(r, "unit"),
            numeric,
            Tables.whole(r, "distinct"),
            numeric && drawnInLogarithm(spacing, r),
            false,
            Tables.number(r, "lo"),
            Tables.number(r, "hi"),
            levels,
            Tables.whole(r, "n") < trials,
            spacing);
    return levels.isEmpty() && numeric ? axis.inBins(32) : axis;
  }

  /** As it is spaced; numbers that only stand in a list are drawn so that they lie apart. */
  private static boolean drawnInLogarithm(Spacing spacing, Row r) {
    return switch (spacing) {
      case LINEAR, UNIFORM, CHOICE -> false;
      case LOGARITHMIC, LOG_UNIFORM -> Tables.number(r, "lo") > 0;
      case LISTED ->
          logarithmic(Tables.number(r, "lo"), Tables.number(r, "median"), Tables.number(r, "hi"));
    };
  }

  /** Whether the median lies nearer to the geometric than to the arithmetic middle. */
  static boolean logarithmic(double lo, double median, double hi) {
    if (!(lo > 0) || hi < 8 * lo) {
      return false;
    }
    double geometric = Math.abs(Math.log(median) - (Math.log(lo) + Math.log(hi)) / 2);
    double arithmetic = Math.abs(Math.log(median) - Math.log((lo + hi) / 2));
    return geometric < arithmetic;
  }

  private static String value(Row r, String text) {
    double number = Tables.number(r, "lo");
    String shown = Double.isNaN(number) ? text : Numbers.significant(number, 6);
    return Numbers.with(shown, Tables.string(r, "unit"));
  }

  /** Every held parameter with its value, by name. */
  static List<Single> held(Tables tables) {
    return tables
        .of(Table.PARAMS)
        .filter(coalesce(col("axis"), lit(false)).equalTo(false))
        .select(col("name"), col("unit"), Tables.numeric(), Tables.textual(), col("source"))
        .groupBy("name")
        .agg(
            max(col("unit")).as("unit"),
            min("number").as("lo"),
            min("text").as("text"),
            countDistinct(col("text")).as("distinct"),
            max("source").as("source"))
        .orderBy("name")
        .collectAsList()
        .stream()
        .map(r -> new Single(r.getString(0), held(r), Tables.string(r, "source")))
        .toList();
  }

  private static String held(Row r) {
    long distinct = Tables.whole(r, "distinct");
    String text = Tables.string(r, "text");
    return distinct > 1 ? Numbers.count(distinct, "value") : value(r, text);
  }
}

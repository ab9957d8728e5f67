package spindle.report;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import spindle.result.Table;

/**
 * The published tables of one sweep, as far as they are about the present plan; a table that was
 * never written reads as empty.
 *
 * <p>A page asks some two dozen small questions. Of a small sweep every table but spikes and traces
 * is read once and then lies in one partition, so that no question shuffles or reads a file.
 */
final class Tables {
  /** Up to so many trials the rows may visit the driver. */
  private static final int SMALL = 2000;

  private final SparkSession spark;
  private final Path folder;
  private final Map<Table, Dataset<Row>> opened = new EnumMap<>(Table.class);
  private final boolean small;
  private final Dataset<Row> planned;
  private final long kept;

  /**
   * Opens the tables below a folder, in a session of its own that is set for small queries.
   *
   * @throws IllegalArgumentException if no trials were ever published
   */
  Tables(SparkSession caller, Path folder) {
    this.folder = folder;
    this.spark = caller.newSession();
    // Rows of spikes are long lists; batches of thousands of them would not fit the heap.
    spark.conf().set("spark.sql.parquet.columnarReaderBatchSize", "128");
    // Dozens of small queries: planning and compiling them would take longer than running them.
    spark.conf().set("spark.sql.adaptive.enabled", false);
    spark.conf().set("spark.sql.codegen.wholeStage", false);
    spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    spark.conf().set("spark.sql.shuffle.partitions", 2);
    Dataset<Row> trials = read(Table.TRIALS).drop("log_tail");
    List<Row> first = trials.limit(SMALL + 1).collectAsList();
    this.small = first.size() <= SMALL;
    if (small) {
      // What lies in one partition is joined there; a broadcast would be a job of its own.
      spark.conf().set("spark.sql.autoBroadcastJoinThreshold", -1);
      spark.conf().set("spark.sql.shuffle.partitions", 1);
      trials = here(first, trials.schema());
    }
    Column present = functions.coalesce(col("in_plan"), functions.lit(true));
    this.kept = trials.filter(functions.not(present)).count();
    this.planned = trials.filter(present);
    opened.put(Table.TRIALS, planned);
  }

  Path folder() {
    return folder;
  }

  /** Trials that are no longer in the plan: they stay in the tables and out of the report. */
  long kept() {
    return kept;
  }

  /** The rows of one table that are about the present plan. */
  Dataset<Row> of(Table table) {
    return opened.computeIfAbsent(table, this::open);
  }

  private Dataset<Row> open(Table table) {
    Dataset<Row> all = read(table);
    Dataset<Row> rows =
        switch (table) {
          case TRIALS, PARAMS, METRICS, SPIKES, TRACES, FAILURES -> kept == 0 ? all : planned(all);
          case PROVENANCE, AGGREGATES -> all;
        };
    return switch (table) {
      case SPIKES, TRACES -> rows;
      case TRIALS, PARAMS, METRICS, FAILURES, PROVENANCE, AGGREGATES ->
          small ? here(rows.collectAsList(), rows.schema()) : rows;
    };
  }

  private Dataset<Row> planned(Dataset<Row> rows) {
    return rows.join(planned.select("trial_id"), "trial_id");
  }

  private Dataset<Row> here(List<Row> rows, StructType schema) {
    return spark.createDataFrame(rows, schema).coalesce(1);
  }

  private Dataset<Row> read(Table table) {
    Path place = folder.resolve(table.folder());
    if (holdsParquet(place)) {
      return spark.read().schema(table.schema()).parquet(place.toUri().toString());
    }
    if (table == Table.TRIALS) {
      throw new IllegalArgumentException(
          place + ": no published table; run the sweep first, or name its folder of results");
    }
    return spark.createDataFrame(List.of(), table.schema());
  }

  private static boolean holdsParquet(Path table) {
    if (!Files.isDirectory(table)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(table, 3)) {
      return files.anyMatch(f -> f.toString().endsWith(".parquet"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tables that were published, for people who read them elsewhere. */
  List<Table> published() {
    return Stream.of(Table.values()).filter(t -> holdsParquet(folder.resolve(t.folder()))).toList();
  }

  /** Value of a parameter that is a number, null for words. */
  static Column numeric() {
    return functions
        .when(
            col("kind").isin("double", "long"),
            functions.coalesce(col("value_d"), col("value_l").cast("double")))
        .as("number");
  }

  /** Value of a parameter as text; numbers as Spark writes them. */
  static Column textual() {
    return functions
        .coalesce(col("value_s"), col("value_l").cast("string"), col("value_d").cast("string"))
        .as("text");
  }

  /** Text of a column, empty where the table has none. */
  static String string(Row row, String column) {
    int at = row.fieldIndex(column);
    return row.isNullAt(at) ? "" : String.valueOf(row.get(at));
  }

  /** Number of a column, NaN where the table has none. */
  static double number(Row row, String column) {
    int at = row.fieldIndex(column);
    return row.isNullAt(at) ? Double.NaN : row.<Number>getAs(at).doubleValue();
  }

  /** Whole number of a column, 0 where the table has none. */
  static long whole(Row row, String column) {
    int at = row.fieldIndex(column);
    return row.isNullAt(at) ? 0 : row.<Number>getAs(at).longValue();
  }
}

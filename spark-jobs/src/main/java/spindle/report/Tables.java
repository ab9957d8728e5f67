package spindle.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** The published tables of one sweep; a table that was never written reads as empty. */
final class Tables {
  private final SparkSession spark;
  private final Path folder;
  private final Map<String, Dataset<Row>> opened = new HashMap<>();

  /** The columns this package reads of each table that a sweep may lack. */
  private static final Map<String, String> OPTIONAL =
      Map.of(
          "metrics",
              "trial_id STRING, metric STRING, step BIGINT, split STRING, value DOUBLE, unit STRING",
          "aggregates",
              "config_id STRING, metric STRING, split STRING, n BIGINT, mean DOUBLE,"
                  + " ci95_lo DOUBLE, ci95_hi DOUBLE",
          "spikes",
              "trial_id STRING, population STRING, chunk_start_step BIGINT, chunk_steps INT,"
                  + " n_spikes INT, step_offset ARRAY<INT>, neuron ARRAY<INT>",
          "traces",
              "trial_id STRING, population STRING, variable STRING, unit STRING,"
                  + " chunk_start_step BIGINT, stride INT, neuron_ids ARRAY<INT>, n_rows INT,"
                  + " values ARRAY<FLOAT>",
          "failures",
              "trial_id STRING, attempt INT, class STRING, retryable BOOLEAN, fingerprint STRING,"
                  + " message STRING, stack STRING, host STRING",
          "provenance",
              "run_id STRING, plan_id STRING, config_yaml STRING, resolved_yaml STRING,"
                  + " overrides ARRAY<STRING>, git_commit STRING, git_dirty BOOLEAN,"
                  + " engine_version STRING, java_version STRING, spark_version STRING,"
                  + " gpu_model STRING, driver_version STRING, host_count INT,"
                  + " started_at TIMESTAMP, finished_at TIMESTAMP, outcome STRING");

  /** Opens the tables below a folder, in a session of its own that is set for small queries. */
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
  }

  Path folder() {
    return folder;
  }

  /**
   * One table.
   *
   * @throws IllegalArgumentException if {@code trials} or {@code params} was never published
   */
  Dataset<Row> of(String name) {
    // Finding the schema is a job of its own, so each table is opened once.
    return opened.computeIfAbsent(name, this::open);
  }

  private Dataset<Row> open(String name) {
    Path table = folder.resolve(name);
    if (holdsParquet(table)) {
      return spark.read().parquet(table.toUri().toString());
    }
    if (!OPTIONAL.containsKey(name)) {
      throw new IllegalArgumentException(
          table + ": no published table; run the sweep first, or name its folder of results");
    }
    return spark.createDataFrame(List.of(), StructType.fromDDL(OPTIONAL.get(name)));
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

  /** The published tables by name with their columns, for people who read them elsewhere. */
  List<String> names() {
    return Stream.of(
            "trials",
            "params",
            "metrics",
            "aggregates",
            "spikes",
            "traces",
            "failures",
            "provenance")
        .filter(name -> holdsParquet(folder.resolve(name)))
        .toList();
  }

  /** Value of a parameter that is a number, null for words. */
  static Column numeric() {
    return functions
        .when(
            functions.col("kind").isin("double", "long"),
            functions.coalesce(functions.col("value_d"), functions.col("value_l").cast("double")))
        .as("number");
  }

  /** Value of a parameter as text; numbers as Spark writes them. */
  static Column textual() {
    return functions
        .coalesce(
            functions.col("value_s"),
            functions.col("value_l").cast("string"),
            functions.col("value_d").cast("string"))
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

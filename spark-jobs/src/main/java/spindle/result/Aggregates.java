package spindle.result;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import spindle.task.Metric;

/**
 * Statistics per configuration and metric over the trials of a plan that ended {@code ok}.
 *
 * <p>{@code n_failed} counts trials that went wrong, {@code n_stopped} those that a guard of the
 * sweep ended as it was asked to: the exit code of a run makes the same difference. A configuration
 * without any value has a row with n = 0. {@code std} is the sample's (n - 1), {@code sem} is std /
 * sqrt(n), the interval is mean plus or minus t(0.975, n - 1) sem, cut where the metric has no
 * values (no share above 1, no time below 0), percentiles interpolate linearly; none of the spread
 * columns exists for n = 1. Values are summed in ascending order, so that the bits do not depend on
 * how Spark splits the input. Everything is built from operations that RAPIDS can place.
 */
final class Aggregates {
  /** Up to here t comes from a table, beyond from its expansion in 1 / n, exact to 1e-8 there. */
  private static final int T_TABLE = 64;

  private final SparkSession spark;
  private final Layout layout;
  private final String planId;
  private final List<Metric> metrics;

  /**
   * @param metrics what is known of the metrics
   */
  Aggregates(SparkSession spark, Layout layout, String planId, List<Metric> metrics) {
    this.spark = spark;
    this.layout = layout;
    this.planId = planId;
    this.metrics = metrics;
  }

  /** The rows of {@code aggregates}. */
  Dataset<Row> of(Dataset<Row> winners) {
    Dataset<Row> planned = planned(winners);
    return statistics(samples(planned, keys(planned)));
  }

  private Dataset<Row> planned(Dataset<Row> winners) {
    Dataset<Row> plan = Publisher.plan(spark, layout, planId);
    return winners
        .select(
            "trial.trial_id",
            "trial.config_id",
            "trial.sweep",
            "trial.status",
            "trial.params",
            "metrics")
        .join(plan, col("trial_id").equalTo(col("planned_id")), "left_semi");
  }

  /**
   * The metrics that occur, as an array literal: a few names, so that they may visit the driver.
   */
  private static Column keys(Dataset<Row> planned) {
    List<Row> found =
        planned
            .select(explode(col("metrics")).as("m"))
            .where("m.step is null")
            .select("m.metric", "m.split")
            .distinct()
            .collectAsList();
    String structs =
        found.stream()
            .map(r -> "named_struct('metric', %s, 'split', %s)".formatted(text(r, 0), text(r, 1)))
            .collect(Collectors.joining(", "));
    return found.isEmpty()
        ? expr("cast(array() as array<struct<metric: string, split: string>>)")
        : expr("array(" + structs + ")");
  }

  /** One row per configuration and metric with its values in ascending order. */
  private static Dataset<Row> samples(Dataset<Row> planned, Column keys) {
    String value =
        """
        element_at(filter(metrics, m ->
          m.metric = key.metric and m.split <=> key.split and m.step is null), 1).value""";
    return planned
        .withColumn("key", explode(keys))
        .withColumn("x", expr("if(status = 'ok', try_" + value.strip() + ", null)"))
        .groupBy(col("config_id"), expr("key.metric").as("metric"), expr("key.split").as("split"))
        .agg(
            expr("any_value(sweep)").as("sweep"),
            expr("any_value(params)").as("params"),
            expr("count_if(status not in ('ok', 'stopped'))").as("n_failed"),
            expr("count_if(status = 'stopped')").as("n_stopped"),
            // NaN compares as the largest double, so that this keeps finite values only.
            expr("sort_array(collect_list(x) filter (where abs(x) < double('Infinity')))").as("v"))
        .withColumn("n", expr("cast(size(v) as bigint)"));
  }

  private Dataset<Row> statistics(Dataset<Row> rows) {
    String least = limit(Metric::least, Double.NEGATIVE_INFINITY);
    String most = limit(Metric::most, Double.POSITIVE_INFINITY);
    return rows.withColumn("mean", expr("if(n > 0, aggregate(v, 0D, (a, x) -> a + x) / n, null)"))
        .withColumn("ss", expr("aggregate(v, 0D, (a, x) -> a + (x - mean) * (x - mean))"))
        .withColumn("std", expr("if(n > 1, sqrt(ss / (n - 1)), null)"))
        .withColumn("sem", expr("std / sqrt(n)"))
        .withColumn("half", expr(tFactor() + " * sem"))
        .select(
            col("*"),
            expr("if(half is null, null, greatest(mean - half, " + least + "))").as("ci95_lo"),
            expr("if(half is null, null, least(mean + half, " + most + "))").as("ci95_hi"),
            percentile(0).as("min"),
            percentile(0.05).as("p05"),
            percentile(0.5).as("p50"),
            percentile(0.95).as("p95"),
            percentile(1).as("max"),
            lit(planId).as("plan_id"),
            lit(Timestamp.from(Instant.now())).as("computed_at"),
            lit(EngineVersion.current()).as("code_version"));
  }

  /** A limit of each metric, by its name, as an expression. */
  private String limit(ToDoubleFunction<Metric> limit, double none) {
    String cases =
        metrics.stream()
            .filter(m -> limit.applyAsDouble(m) != none)
            .map(m -> " when '%s' then %sD".formatted(m.name(), limit.applyAsDouble(m)))
            .collect(Collectors.joining());
    String any = "double('" + none + "')";
    return cases.isEmpty() ? any : "case metric" + cases + " else " + any + " end";
  }

  private static Column percentile(double p) {
    String at = "((n - 1) * %sD)".formatted(p);
    String low = "try_element_at(v, cast(floor(%s) as int) + 1)".formatted(at);
    String high =
        "try_element_at(v, least(cast(floor(%s) as int) + 2, cast(greatest(n, 1L) as int)))"
            .formatted(at);
    return expr(
        "if(n > 0, %s + (%s - floor(%s)) * (%s - %s), null)".formatted(low, at, at, high, low));
  }

  /**
   * Student's t(0.975, n - 1); beyond the table by Abramowitz and Stegun 26.7.5 with z = 1.96.
   *
   * <p>A literal array and a polynomial, since no SQL function has it and a Java one would take the
   * query off the GPU.
   */
  private static String tFactor() {
    String table =
        IntStream.rangeClosed(2, T_TABLE)
            .mapToObj(n -> new TDistribution(n - 1).inverseCumulativeProbability(0.975) + "D")
            .collect(Collectors.joining(", ", "array(0D, ", ")"));
    double z = 1.959963984540054;
    double g1 = (Math.pow(z, 3) + z) / 4;
    double g2 = (5 * Math.pow(z, 5) + 16 * Math.pow(z, 3) + 3 * z) / 96;
    double g3 = (3 * Math.pow(z, 7) + 19 * Math.pow(z, 5) + 17 * Math.pow(z, 3) - 15 * z) / 384;
    double g4 =
        (79 * Math.pow(z, 9)
                + 776 * Math.pow(z, 7)
                + 1482 * Math.pow(z, 5)
                - 1920 * Math.pow(z, 3)
                - 945 * z)
            / 92160;
    String tail =
        "(%sD + (%sD + (%sD + (%sD + %sD / (n - 1)) / (n - 1)) / (n - 1)) / (n - 1))"
            .formatted(z, g1, g2, g3, g4);
    return "if(n <= %d, try_element_at(%s, cast(greatest(n, 1L) as int)), %s)"
        .formatted(T_TABLE, table, tail);
  }

  private static String text(Row row, int column) {
    return row.isNullAt(column)
        ? "cast(null as string)"
        : "'" + row.getString(column).replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

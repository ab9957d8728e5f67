package spindle.result;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Statistics per configuration and metric over the trials of a plan that ended {@code ok}.
 *
 * <p>{@code n_failed} counts the others; a configuration without any value has a row with n = 0.
 * {@code std} is the sample's (n - 1), {@code sem} is std / sqrt(n), the interval is mean plus or
 * minus t(0.975, n - 1) sem, percentiles interpolate linearly; none of the spread columns exists
 * for n = 1. Values are summed in ascending order, so that the bits do not depend on how Spark
 * splits the input. Everything is built from operations that RAPIDS can place; the factors of
 * Student's t come from a small table, since no SQL function has them.
 */
final class Aggregates {
  private static final StructType FACTORS =
      new StructType().add("t_n", DataTypes.LongType, false).add("t", DataTypes.DoubleType, false);
  private static final Map<String, String> KEYS = Map.of("metric", "k_metric", "split", "k_split");
  private final SparkSession spark;
  private final Layout layout;
  private final String planId;

  Aggregates(SparkSession spark, Layout layout, String planId) {
    this.spark = spark;
    this.layout = layout;
    this.planId = planId;
  }

  /** The rows of {@code aggregates}. */
  Dataset<Row> of(Dataset<Row> winners) {
    Dataset<Row> planned = planned(winners);
    Dataset<Row> samples = samples(planned);
    long longest = samples.agg(expr("coalesce(max(n), 0L)")).first().getLong(0);
    Dataset<Row> keys = samples.select("metric", "split").distinct().withColumnsRenamed(KEYS);
    Column same = expr("config_id = s_config_id and k_metric = metric and k_split <=> split");
    Dataset<Row> rows =
        configurations(planned)
            .crossJoin(broadcast(keys))
            .join(samples, same, "left")
            .drop("metric", "split")
            .withColumnsRenamed(Map.of("k_metric", "metric", "k_split", "split"))
            .join(broadcast(factors(longest)), expr("n = t_n"), "left");
    return statistics(rows);
  }

  private Dataset<Row> planned(Dataset<Row> winners) {
    Dataset<Row> plan =
        spark
            .read()
            .text(layout.planTrials(planId).toUri().toString())
            .withColumnRenamed("value", "planned_id");
    return winners.join(plan, col("trial.trial_id").equalTo(col("planned_id")), "left_semi");
  }

  private static Dataset<Row> configurations(Dataset<Row> planned) {
    return planned
        .groupBy(col("trial.config_id").as("config_id"))
        .agg(
            expr("any_value(trial.sweep)").as("sweep"),
            expr("any_value(trial.params)").as("params"),
            expr("count_if(trial.status <> 'ok')").as("n_failed"));
  }

  private static Dataset<Row> samples(Dataset<Row> planned) {
    return planned
        .where("trial.status = 'ok'")
        .select(col("trial.config_id").as("s_config_id"), explode(col("metrics")).as("m"))
        .where("m.step is null and abs(m.value) < double('Infinity')") // NaN is the largest double
        .groupBy(col("s_config_id"), col("m.metric").as("metric"), col("m.split").as("split"))
        .agg(expr("sort_array(collect_list(m.value))").as("v"))
        .withColumn("n", expr("cast(size(v) as bigint)"));
  }

  private Dataset<Row> statistics(Dataset<Row> rows) {
    return rows.withColumn("mean", expr("aggregate(v, 0D, (a, x) -> a + x) / n"))
        .withColumn("ss", expr("aggregate(v, 0D, (a, x) -> a + (x - mean) * (x - mean))"))
        .withColumn("std", expr("if(n > 1, sqrt(ss / (n - 1)), null)"))
        .withColumn("sem", expr("std / sqrt(n)"))
        .withColumn("ci95_lo", expr("mean - t * sem"))
        .withColumn("ci95_hi", expr("mean + t * sem"))
        .withColumn("min", percentile(0))
        .withColumn("p05", percentile(0.05))
        .withColumn("p50", percentile(0.5))
        .withColumn("p95", percentile(0.95))
        .withColumn("max", percentile(1))
        .withColumn("n", expr("coalesce(n, 0L)"))
        .withColumn("plan_id", lit(planId))
        .withColumn("computed_at", lit(Timestamp.from(Instant.now())))
        .withColumn("code_version", lit(EngineVersion.current()));
  }

  private static Column percentile(double p) {
    String at = "((n - 1) * %sD)".formatted(p);
    String low = "element_at(v, cast(floor(%s) as int) + 1)".formatted(at);
    String high = "element_at(v, least(cast(floor(%s) as int) + 2, cast(n as int)))".formatted(at);
    return expr("%s + (%s - floor(%s)) * (%s - %s)".formatted(low, at, at, high, low));
  }

  private Dataset<Row> factors(long longest) {
    var rows = new ArrayList<Row>();
    for (long n = 2; n <= longest; n++) {
      double t = new TDistribution(n - 1).inverseCumulativeProbability(0.975);
      rows.add(RowFactory.create(n, t));
    }
    return spark.createDataFrame(List.copyOf(rows), FACTORS);
  }
}

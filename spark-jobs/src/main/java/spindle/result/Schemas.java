package spindle.result;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of every table, written out.
 *
 * <p>Numbers a query computes with are doubles, never decimals: decimal arithmetic would take
 * aggregations off the GPU. Columns nobody fills yet are there and null, so that no reader ever
 * meets a changed schema. Everything is declared nullable, for that is how Spark reads any file;
 * the file itself may say of a computed column, such as {@code aggregates.n}, that it has no nulls.
 *
 * <p>A row of {@code metrics} without {@code step} is what a trial ended with; rows with one are
 * its training curve: updates that were finished, and {@code epoch} and {@code split} where data
 * was learned. Only the former are aggregated.
 *
 * <p>Beyond the contract of the tables: {@code trials.shape}, how a GPU ran it; {@code
 * trials.population_sizes}, neurons by population; {@code trials.in_plan}, whether the trial is of
 * the plan that was published last; {@code aggregates.n_stopped}, trials that a guard ended; {@code
 * provenance.engine_commit}.
 */
final class Schemas {
  private static final DataType DOUBLES = new MapType(StringType, DoubleType, true);
  private static final DataType TEXTS = new MapType(StringType, StringType, true);
  private static final DataType SIZES = new MapType(StringType, LongType, true);
  private static final DataType INTS = new ArrayType(IntegerType, true);

  static final StructType TRIALS =
      columns(
          column("trial_id", StringType),
          column("config_id", StringType),
          column("result_key", StringType),
          column("sweep", StringType),
          column("plan_id", StringType),
          column("run_id", StringType),
          column("attempt", IntegerType),
          column("replicate", IntegerType),
          column("seed", LongType),
          column("status", StringType),
          column("status_reason", StringType),
          column("params", DOUBLES, "as params.unit"),
          column("params_text", TEXTS),
          column("n_neurons", LongType),
          column("n_synapses", LongType),
          column("sim_time_ms", DoubleType, "ms"),
          column("dt_ms", DoubleType, "ms"),
          column("precision", StringType),
          column("backend", StringType),
          column("device", StringType),
          column("shape", StringType),
          column("pack_id", StringType),
          column("pack_size", IntegerType),
          column("t_queue_s", DoubleType, "s"),
          column("t_build_s", DoubleType, "s"),
          column("t_compile_s", DoubleType, "s"),
          column("t_upload_s", DoubleType, "s"),
          column("t_sim_s", DoubleType, "s"),
          column("t_download_s", DoubleType, "s"),
          column("t_write_s", DoubleType, "s"),
          column("realtime_factor", DoubleType, "s model / s wall"),
          column("energy_j", DoubleType, "J"),
          column("peak_device_bytes", LongType, "B"),
          column("started_at", TimestampType, "us UTC"),
          column("finished_at", TimestampType, "us UTC"),
          column("n_spikes", LongType),
          column("spikes_bytes", LongType, "B"),
          column("engine_version", StringType),
          column("numerics_version", IntegerType),
          column("log_tail", StringType),
          column("population_sizes", SIZES),
          column("in_plan", BooleanType));

  static final StructType PARAMS =
      columns(
          column("trial_id", StringType),
          column("name", StringType),
          column("kind", StringType),
          column("value_d", DoubleType, "as unit"),
          column("value_l", LongType),
          column("value_s", StringType),
          column("unit", StringType),
          column("axis", BooleanType),
          column("source", StringType));

  static final StructType METRICS =
      columns(
          column("trial_id", StringType),
          column("metric", StringType),
          column("step", LongType, "updates"),
          column("epoch", IntegerType),
          column("split", StringType),
          column("value", DoubleType, "as unit"),
          column("unit", StringType),
          column("wall_ms", LongType, "ms"));

  static final StructType SPIKES =
      columns(
          column("trial_id", StringType),
          column("population", StringType),
          column("chunk", IntegerType),
          column("chunk_start_step", LongType, "dt"),
          column("chunk_steps", IntegerType, "dt"),
          column("n_spikes", IntegerType),
          column("step_offset", INTS, "dt"),
          column("neuron", INTS));

  static final StructType TRACES =
      columns(
          column("trial_id", StringType),
          column("population", StringType),
          column("variable", StringType),
          column("unit", StringType),
          column("chunk", IntegerType),
          column("chunk_start_step", LongType, "dt"),
          column("stride", IntegerType, "dt"),
          column("neuron_ids", INTS), // empty: one sample of the whole population
          column("n_rows", IntegerType),
          column("values", new ArrayType(FloatType, true), "as unit"));

  static final StructType FAILURES =
      columns(
          column("trial_id", StringType),
          column("run_id", StringType),
          column("attempt", IntegerType),
          column("at", TimestampType, "us UTC"),
          column("class", StringType),
          column("retryable", BooleanType),
          column("fingerprint", StringType),
          column("message", StringType),
          column("stack", StringType),
          column("host", StringType),
          column("device_uuid", StringType),
          column("free_device_bytes", LongType, "B"));

  static final StructType PROVENANCE =
      columns(
          column("run_id", StringType),
          column("sweep", StringType),
          column("plan_id", StringType),
          column("config_yaml", StringType),
          column("resolved_yaml", StringType),
          column("overrides", new ArrayType(StringType, true)),
          column("git_commit", StringType),
          column("git_dirty", BooleanType),
          column("git_diff_sha256", StringType),
          column("engine_version", StringType),
          column("engine_commit", StringType),
          column("jar_sha256", StringType),
          column("kernel_hashes", TEXTS),
          column("java_version", StringType),
          column("spark_version", StringType),
          column("spark_conf", TEXTS),
          column("gpu_model", StringType),
          column("driver_version", StringType),
          column("cuda_version", StringType),
          column("host_count", IntegerType),
          column("submitted_by", StringType),
          column("airflow_dag_run", StringType),
          column("input_data", inputFiles()),
          column("started_at", TimestampType, "us UTC"),
          column("finished_at", TimestampType, "us UTC"),
          column("outcome", StringType));

  static final StructType AGGREGATES =
      columns(
          column("sweep", StringType),
          column("plan_id", StringType),
          column("config_id", StringType),
          column("params", DOUBLES, "as params.unit"),
          column("metric", StringType),
          column("split", StringType),
          column("n", LongType),
          column("n_failed", LongType),
          column("n_stopped", LongType),
          column("mean", DoubleType, "as metrics.unit"),
          column("std", DoubleType, "as metrics.unit"),
          column("sem", DoubleType, "as metrics.unit"),
          column("ci95_lo", DoubleType, "as metrics.unit"),
          column("ci95_hi", DoubleType, "as metrics.unit"),
          column("min", DoubleType, "as metrics.unit"),
          column("p05", DoubleType, "as metrics.unit"),
          column("p50", DoubleType, "as metrics.unit"),
          column("p95", DoubleType, "as metrics.unit"),
          column("max", DoubleType, "as metrics.unit"),
          column("computed_at", TimestampType, "us UTC"),
          column("code_version", StringType));

  /** A committed trial as one row; publishing takes it apart into the tables. */
  static final StructType JOURNAL =
      columns(
          column("attempt_id", StringType),
          column("sealed_at", TimestampType),
          column("bulk", StringType),
          column("trial", TRIALS),
          column("params", new ArrayType(PARAMS, true)),
          column("metrics", new ArrayType(METRICS, true)),
          column("failures", new ArrayType(FAILURES, true)),
          column("kernels", TEXTS));

  private Schemas() {}

  private static DataType inputFiles() {
    return new ArrayType(
        columns(
            column("uri", StringType),
            column("bytes", LongType, "B"),
            column("sha256", StringType)),
        true);
  }

  private static StructType columns(StructField... fields) {
    return new StructType(fields);
  }

  private static StructField column(String name, DataType type) {
    return new StructField(name, type, true, Metadata.empty());
  }

  private static StructField column(String name, DataType type, String unit) {
    return new StructField(name, type, true, new MetadataBuilder().putString("unit", unit).build());
  }
}

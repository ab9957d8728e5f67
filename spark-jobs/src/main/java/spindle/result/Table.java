package spindle.result;

import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.types.StructType;

/** A published table: a folder of plain Parquet below the sweep's folder. */
public enum Table {
  /** One row per trial. */
  TRIALS,
  /** Every parameter of every trial, long form. */
  PARAMS,
  /** Every number a trial reported, long form. */
  METRICS,
  /** Spikes, one row per trial, population and time chunk. */
  SPIKES,
  /** Sampled state variables, one row per trial, trace and time chunk. */
  TRACES,
  /** One row per attempt that went wrong. */
  FAILURES,
  /** One row per run of the command. */
  PROVENANCE,
  /** Statistics over the replicates of each configuration. */
  AGGREGATES;

  /** Name of the folder below the sweep. */
  public String folder() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The columns with their types; physical ones carry field metadata {@code unit}. */
  public StructType schema() {
    return switch (this) {
      case TRIALS -> Schemas.TRIALS;
      case PARAMS -> Schemas.PARAMS;
      case METRICS -> Schemas.METRICS;
      case SPIKES -> Schemas.SPIKES;
      case TRACES -> Schemas.TRACES;
      case FAILURES -> Schemas.FAILURES;
      case PROVENANCE -> Schemas.PROVENANCE;
      case AGGREGATES -> Schemas.AGGREGATES;
    };
  }

  /** The columns a published table is sorted by; together they order its rows completely. */
  public List<String> order() {
    return switch (this) {
      case TRIALS -> List.of("trial_id", "result_key");
      case PARAMS -> List.of("name", "trial_id");
      case METRICS -> List.of("metric", "trial_id", "step", "epoch", "split");
      case SPIKES -> List.of("population", "trial_id", "chunk");
      case TRACES -> List.of("population", "variable", "trial_id", "chunk");
      case FAILURES -> List.of("trial_id", "at", "run_id", "attempt");
      case PROVENANCE -> List.of("run_id");
      case AGGREGATES -> List.of("metric", "split", "config_id");
    };
  }
}

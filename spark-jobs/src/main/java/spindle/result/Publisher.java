package spindle.result;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import spindle.task.Metric;
import spindle.task.Task;
import spindle.task.Tasks;

/**
 * Makes the published tables from the journal: deduplicated, sorted, compacted, whole.
 *
 * <p>One row per trial id: of several commits the one whose result key is planned wins, then the
 * highest numerics version, then one without failure, then the newest. Commits of one result key
 * are equal but for times, so that any choice among them is right. Spikes and traces of failed
 * trials are left out. But for packs, rows and their order do not depend on partitioning.
 */
public final class Publisher {
  private static final long FILE_BYTES = 256L << 20;

  private static final String COMPILED = "spark.sql.codegen.wholeStage";
  private static final String MODE = "spark.sql.codegen.factoryMode";

  /**
   * Number of trials from which generated code pays: below, compiling it takes longer than it
   * saves.
   */
  private static final long COMPILED_FROM = 50_000;

  /** Up to so many trials their rows may visit the driver. */
  private static final long HERE = 2000;

  private final SparkSession spark;
  private final Layout layout;
  private final Consumer<String> told;

  /**
   * A publisher for one sweep.
   *
   * @param told hears which table is written next
   */
  public Publisher(SparkSession spark, Layout layout, Consumer<String> told) {
    this.spark = spark;
    this.layout = layout;
    this.told = told;
  }

  /** Ends a swap that a crash interrupted. */
  public static void mend(Layout layout) throws IOException {
    PublicationLock.alone(
        layout,
        () -> {
          new Swap(layout).finish();
          return layout;
        });
  }

  /** Whether the published tables hold every commit and their aggregates are over this plan. */
  public static boolean upToDate(Layout layout, String planId) throws IOException {
    String commits = digest(new Journal(layout));
    return Manifest.newest(layout)
        .filter(m -> m.planId().equals(planId) && m.commits().equals(commits))
        .isPresent();
  }

  /** Publishes everything committed; aggregates are over the trials of this plan. */
  public Manifest publish(String planId) throws IOException {
    return PublicationLock.alone(layout, () -> next(planId));
  }

  /**
   * Publishes what was committed since the last time, as the newest run would: for a look at a
   * sweep that runs, or that ended before it could publish.
   *
   * @throws StorageException if nothing is committed
   */
  public void catchUp() throws IOException {
    String plan = RunRecord.newest(layout).map(RunRecord::planId).orElse("");
    boolean committed = !new Journal(layout).names().isEmpty();
    if (committed && !plan.isEmpty() && !upToDate(layout, plan)) {
      publish(plan);
    } else if (Manifest.newest(layout).isEmpty()) {
      throw new StorageException(
          "%s has no committed trial yet; \"spindle status %s\" tells what runs"
              .formatted(layout.sweep(), layout.sweep()));
    }
  }

  private Manifest next(String planId) throws IOException {
    var journal = new Journal(layout);
    String digest = digest(journal);
    List<CommitRecord> commits = journal.fresh();
    int version = Manifest.newest(layout).map(Manifest::version).orElse(0) + 1;
    Swap.delete(layout.version(version));
    String compiled = spark.conf().get(COMPILED);
    String mode = spark.conf().get(MODE);
    if (trials(commits) < COMPILED_FROM) {
      spark.conf().set(COMPILED, "false");
      spark.conf().set(MODE, "NO_CODEGEN");
    }
    try {
      write(version, commits, planId);
    } finally {
      spark.conf().set(COMPILED, compiled);
      spark.conf().set(MODE, mode);
    }
    var manifest = new Manifest(version, planId, digest, Instant.now().toString(), files(version));
    if (!new LinkCreate().create(layout.manifest(version), Json.pretty(manifest))) {
      throw new StorageException(
          "%s was published by another driver at the same time; run again"
              .formatted(layout.manifest(version)));
    }
    new Swap(layout).finish();
    return manifest;
  }

  private void write(int version, List<CommitRecord> commits, String planId) throws IOException {
    Dataset<Row> rows = committed(commits);
    // Looking for the winners shuffles whole rows; as a rule there is nothing to choose from.
    Dataset<Row> winners = repeated(commits) ? winners(rows, plan(spark, layout, planId)) : rows;
    var out = new TableWriter(layout.version(version), version);
    write(out, Table.TRIALS, trials(winners, planId));
    write(out, Table.PARAMS, exploded(winners, "params"));
    write(out, Table.METRICS, exploded(winners, "metrics"));
    write(out, Table.FAILURES, exploded(rows, "failures"));
    for (Table table : List.of(Table.SPIKES, Table.TRACES)) {
      told.accept(table.folder());
      if (paths(commits, table).length == 0) {
        out.write(table, List.of());
      } else {
        out.write(table, bulk(table, commits, winners), fileCount(table, commits));
      }
    }
    out.write(Table.PROVENANCE, RunRecord.rows(layout, kernels(rows)));
    write(
        out, Table.AGGREGATES, new Aggregates(spark, layout, planId, metrics(planId)).of(winners));
  }

  private void write(TableWriter out, Table table, Dataset<Row> rows) throws IOException {
    told.accept(table.folder());
    out.write(table, rows, 1);
  }

  /** What a plan says of itself. */
  private record Planned(String model) {}

  /** The metrics of the plan's model; none where the model is not here any more. */
  private List<Metric> metrics(String planId) throws IOException {
    Path plan = layout.plan(planId);
    String model = Files.exists(plan) ? Json.read(plan, Planned.class).model() : "";
    return Tasks.all().stream()
        .map(Task::describe)
        .filter(d -> d.name().equals(model))
        .flatMap(d -> d.metrics().stream())
        .toList();
  }

  /** The trials, each with whether it is of this plan. */
  private Dataset<Row> trials(Dataset<Row> winners, String planId) {
    Dataset<Row> planned =
        plan(spark, layout, planId).select("planned_id").withColumn("in_plan", lit(true));
    return winners
        .select("trial.*")
        .drop("in_plan")
        .join(planned, col("trial_id").equalTo(col("planned_id")), "left")
        .withColumn("in_plan", coalesce(col("in_plan"), lit(false)));
  }

  /** Hashes of the programs that each run compiled, by name; of several of one name, numbered. */
  private static Map<String, Map<String, String>> kernels(Dataset<Row> rows) {
    var byRun = new TreeMap<String, Map<String, String>>();
    rows.select(col("trial.run_id"), explode(col("kernels")))
        .distinct()
        .orderBy("run_id", "key", "value")
        .collectAsList()
        .forEach(
            r -> {
              var own = byRun.computeIfAbsent(r.getString(0), k -> new TreeMap<>());
              String name = r.getString(1);
              int n = 1;
              while (own.containsKey(n == 1 ? name : name + "-" + n)) {
                n++;
              }
              own.put(n == 1 ? name : name + "-" + n, r.getString(2));
            });
    return byRun;
  }

  private static long trials(List<CommitRecord> commits) {
    return commits.stream().mapToLong(CommitRecord::rows).sum();
  }

  /** Whether any trial is committed more than once. */
  private static boolean repeated(List<CommitRecord> commits) {
    var trials = new Ledger();
    for (CommitRecord commit : commits) {
      commit.trials().forEach(e -> trials.put(e.trialId(), TrialStatus.of(e.status())));
    }
    return trials.repeats() > 0;
  }

  private Dataset<Row> committed(List<CommitRecord> commits) {
    if (commits.isEmpty()) {
      return spark.createDataFrame(List.<Row>of(), Schemas.JOURNAL);
    }
    Dataset<Row> rows = spark.read().schema(Schemas.JOURNAL).parquet(paths(commits, "_journal/"));
    // Six tables are made of these rows: a few are read once and kept, many are read six times.
    return trials(commits) > HERE
        ? rows
        : spark.createDataFrame(rows.collectAsList(), Schemas.JOURNAL).coalesce(1);
  }

  private static Dataset<Row> winners(Dataset<Row> rows, Dataset<Row> plan) {
    var order =
        Window.partitionBy(col("trial.trial_id"))
            .orderBy(
                col("planned_key").isNotNull().desc(),
                col("trial.numerics_version").desc(),
                col("trial.status").equalTo("failed").asc(),
                col("sealed_at").desc(),
                col("attempt_id").asc());
    return rows.join(plan, col("trial.result_key").equalTo(col("planned_key")), "left")
        .withColumn("place", row_number().over(order))
        .where("place = 1")
        .drop("place", "planned_id", "planned_key");
  }

  /** The trials of a plan: {@code planned_id} and {@code planned_key}. */
  public static Dataset<Row> plan(SparkSession spark, Layout layout, String planId) {
    return spark
        .read()
        .schema("planned_id string, planned_key string")
        .csv(layout.planTrials(planId).toUri().toString());
  }

  private static Dataset<Row> exploded(Dataset<Row> rows, String column) {
    return rows.select(explode(col(column)).as("row")).select("row.*");
  }

  private Dataset<Row> bulk(Table table, List<CommitRecord> commits, Dataset<Row> winners) {
    Dataset<Row> kept =
        winners
            .where("trial.status <> 'failed'")
            .select(
                col("trial.trial_id").as("kept_id"),
                expr("concat(bulk, '.parquet')").as("kept_file"));
    Dataset<Row> chunks =
        spark
            .read()
            .schema(table.schema())
            .parquet(paths(commits, table))
            .withColumn("file", col("_metadata.file_name"));
    return chunks
        .join(
            kept,
            col("trial_id").equalTo(col("kept_id")).and(col("file").equalTo(col("kept_file"))),
            "left_semi")
        .drop("file");
  }

  private String[] paths(List<CommitRecord> commits, Table bulk) {
    return paths(commits, "_data/" + bulk.folder() + "/");
  }

  private String[] paths(List<CommitRecord> commits, String prefix) {
    return commits.stream()
        .flatMap(c -> c.files().stream())
        .filter(f -> f.path().startsWith(prefix))
        .map(f -> layout.sweep().resolve(f.path()).toUri().toString())
        .toArray(String[]::new);
  }

  private static int fileCount(Table table, List<CommitRecord> commits) {
    String prefix = "_data/" + table.folder() + "/";
    long bytes =
        commits.stream()
            .flatMap(c -> c.files().stream())
            .filter(f -> f.path().startsWith(prefix))
            .mapToLong(CommitRecord.StoredFile::bytes)
            .sum();
    return (int) (bytes / FILE_BYTES) + 1;
  }

  private Map<String, List<CommitRecord.StoredFile>> files(int version) throws IOException {
    var tables = new TreeMap<String, List<CommitRecord.StoredFile>>();
    for (Table table : Table.values()) {
      var files = new ArrayList<CommitRecord.StoredFile>();
      Path folder = layout.version(version).resolve(table.folder());
      try (var listing = Files.list(folder)) {
        for (Path file : listing.sorted().toList()) {
          files.add(
              new CommitRecord.StoredFile(
                  table.folder() + "/" + file.getFileName(), Files.size(file), Digests.file(file)));
        }
      }
      tables.put(table.folder(), files);
    }
    return tables;
  }

  private static String digest(Journal journal) throws IOException {
    return Digests.text(String.join("\n", journal.names()));
  }
}

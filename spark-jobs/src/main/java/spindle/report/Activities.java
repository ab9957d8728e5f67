package spindle.report;

import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Reads the activity of a few trials; one job for all of them at each step.
 *
 * @param trials the trials
 * @param chunks spikes of each
 * @param traces traces of each
 */
record Activities(List<Picked> trials, List<Dataset<Row>> chunks, List<Dataset<Row>> traces) {
  private static final int MOST_SAMPLES = 2000;

  /** Activity of each trial, in their order. */
  static List<Activity> of(Tables tables, List<Picked> trials) {
    var all =
        new Activities(trials, each(tables, "spikes", trials), each(tables, "traces", trials));
    return all.read();
  }

  private static List<Dataset<Row>> each(Tables tables, String table, List<Picked> trials) {
    return trials.stream()
        .map(t -> tables.of(table).filter(col("trial_id").equalTo(t.trialId())))
        .toList();
  }

  private List<Activity> read() {
    List<List<Activity.Population>> populations = new ArrayList<>();
    var windows = new ArrayList<Activity.Window>();
    List<Row> extent = together(this::extent);
    for (int k = 0; k < trials.size(); k++) {
      populations.add(populations(of(k, extent)));
      windows.add(window(of(k, extent), populations.get(k), trials.get(k).dtMs()));
    }
    List<Row> counts = together(k -> counts(k, windows.get(k)));
    var every = new ArrayList<Integer>();
    for (int k = 0; k < trials.size(); k++) {
      long spikes = of(k, counts).stream().mapToLong(r -> Tables.whole(r, "n")).sum();
      every.add(Activity.every(populations.get(k), spikes));
    }
    List<Row> spikes = together(k -> spikes(k, windows.get(k), every.get(k)));
    List<Row> samples = together(k -> samples(k, windows.get(k)));
    return IntStream.range(0, trials.size())
        .mapToObj(
            k ->
                new Activity(
                    populations.get(k),
                    windows.get(k),
                    every.get(k),
                    spikes(of(k, spikes), populations.get(k), windows.get(k)),
                    rates(of(k, counts), populations.get(k), windows.get(k)),
                    samples(of(k, samples), windows.get(k))))
        .toList();
  }

  /** The same query of every trial, run as one. */
  private List<Row> together(IntFunction<Dataset<Row>> query) {
    return IntStream.range(0, trials.size())
        .mapToObj(k -> query.apply(k).withColumn("k", lit(k)))
        .reduce(Dataset::union)
        .orElseThrow()
        .collectAsList();
  }

  private static List<Row> of(int k, List<Row> rows) {
    return rows.stream().filter(r -> r.<Integer>getAs("k") == k).toList();
  }

  private Dataset<Row> extent(int k) {
    Dataset<Row> spiking =
        chunks
            .get(k)
            .groupBy("population")
            .agg(
                max(coalesce(array_max(col("neuron")), lit(-1))).as("last"),
                sum("n_spikes").as("spikes"),
                min("chunk_start_step").as("start"),
                max(expr("chunk_start_step + chunk_steps")).as("end"))
            .orderBy("population");
    Dataset<Row> traced =
        traces
            .get(k)
            .agg(
                lit(null).cast("string").as("population"),
                lit(-1).as("last"),
                lit(0L).as("spikes"),
                min("chunk_start_step").as("start"),
                max(expr("chunk_start_step + n_rows * stride")).as("end"));
    return spiking.union(traced);
  }

  private static List<Activity.Population> populations(List<Row> extent) {
    return extent.stream()
        .filter(r -> !r.isNullAt(0))
        .map(
            r ->
                new Activity.Population(
                    r.getString(0), Tables.whole(r, "last") + 1, Tables.whole(r, "spikes")))
        .sorted(java.util.Comparator.comparing(Activity.Population::name))
        .toList();
  }

  /** The span of the spikes; that of the traces where no spikes were recorded. */
  private static Activity.Window window(
      List<Row> extent, List<Activity.Population> populations, double dtMs) {
    var rows = extent.stream().filter(r -> populations.isEmpty() || !r.isNullAt(0)).toList();
    long start = rows.stream().mapToLong(r -> Tables.whole(r, "start")).min().orElse(0);
    long end = rows.stream().mapToLong(r -> Tables.whole(r, "end")).max().orElse(0);
    return Activity.window(populations, start, end, dtMs);
  }

  private Dataset<Row> exploded(int k, Activity.Window w) {
    return chunks
        .get(k)
        .filter(expr("chunk_start_step + chunk_steps").gt(w.start()))
        .selectExpr("population", "chunk_start_step", "inline(arrays_zip(step_offset, neuron))")
        .selectExpr("population", "chunk_start_step + step_offset AS step", "neuron")
        .filter(col("step").geq(w.start()));
  }

  private Dataset<Row> counts(int k, Activity.Window w) {
    var bin = col("step").minus(w.start()).multiply(w.dtMs() / w.binMs()).cast("int").as("bin");
    return exploded(k, w).groupBy(col("population"), bin).agg(count(lit(1)).as("n"));
  }

  private static List<Activity.Rate> rates(
      List<Row> counts, List<Activity.Population> populations, Activity.Window w) {
    var out = new ArrayList<Activity.Rate>();
    for (int p = 0; p < populations.size(); p++) {
      Activity.Population population = populations.get(p);
      var perBin = new TreeMap<Integer, Long>();
      counts.stream()
          .filter(r -> r.getString(0).equals(population.name()))
          .forEach(r -> perBin.put(r.getInt(1), r.getLong(2)));
      double neuronSeconds = Math.max(1, population.neurons()) * w.binMs() * 1e-3;
      for (int b = 0; b < w.bins(); b++) {
        double hz = perBin.getOrDefault(b, 0L) / neuronSeconds;
        out.add(new Activity.Rate(w.startMs() + (b + 0.5) * w.binMs(), p, hz));
      }
    }
    return out;
  }

  private Dataset<Row> spikes(int k, Activity.Window w, int every) {
    return exploded(k, w).filter(col("neuron").mod(every).equalTo(0));
  }

  private static List<Activity.Spike> spikes(
      List<Row> rows, List<Activity.Population> populations, Activity.Window w) {
    var names = populations.stream().map(Activity.Population::name).toList();
    return rows.stream()
        .map(
            r ->
                new Activity.Spike(
                    Tables.whole(r, "step") * w.dtMs(),
                    names.indexOf(r.getString(0)),
                    Tables.whole(r, "neuron")))
        .sorted(
            java.util.Comparator.comparingInt(Activity.Spike::population)
                .thenComparingDouble(Activity.Spike::ms)
                .thenComparingLong(Activity.Spike::neuron))
        .toList();
  }

  /** The first sampled neuron of each population and variable. */
  private Dataset<Row> samples(int k, Activity.Window w) {
    long span = Math.max(1, w.end() - w.start());
    String thin = "greatest(1, " + span + " div (stride * " + MOST_SAMPLES + "))";
    return traces
        .get(k)
        .selectExpr("*", "posexplode(values) AS (pos, v)")
        .filter("pos % size(neuron_ids) = 0")
        .selectExpr(
            "variable",
            "unit",
            "population",
            "neuron_ids[0] AS neuron",
            "chunk_start_step + (pos div size(neuron_ids)) * stride AS step",
            "stride",
            "v")
        .filter(col("step").geq(w.start()))
        .filter("(step div stride) % " + thin + " = 0");
  }

  private static List<Activity.Sample> samples(List<Row> rows, Activity.Window w) {
    return rows.stream()
        .map(
            r ->
                new Activity.Sample(
                    r.getString(0),
                    Tables.string(r, "unit"),
                    r.getString(2),
                    (int) Tables.whole(r, "neuron"),
                    Tables.whole(r, "step") * w.dtMs(),
                    Tables.number(r, "v")))
        .sorted(
            java.util.Comparator.comparing(Activity.Sample::variable)
                .thenComparing(Activity.Sample::population)
                .thenComparingDouble(Activity.Sample::ms))
        .toList();
  }
}

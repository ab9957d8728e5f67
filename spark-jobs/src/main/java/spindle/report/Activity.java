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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What one trial recorded, cut down to what is drawn.
 *
 * @param populations recorded populations by name
 * @param window drawn span of time
 * @param every one neuron in so many is drawn, with all its spikes
 * @param binMs bin of the rate [ms]
 * @param spikes drawn spikes
 * @param rates population rate per bin
 * @param traces drawn samples of state variables
 */
record Activity(
    List<Population> populations,
    Window window,
    int every,
    double binMs,
    List<Spike> spikes,
    List<Rate> rates,
    List<Sample> traces) {
  /** About so many spikes are drawn per trial. */
  static final int MOST_SPIKES = 6000;

  private static final double MOST_MS = 1000;
  private static final int MOST_SAMPLES = 2000;

  /** A recorded population; {@code neurons} is its largest index that spiked, plus one. */
  record Population(String name, long neurons, long spikes) {}

  /** A span of time [steps] of a recording that is {@code recorded} steps long. */
  record Window(long start, long end, long recorded, double dtMs) {
    double startMs() {
      return start * dtMs;
    }

    double endMs() {
      return end * dtMs;
    }
  }

  /** One spike: time [ms], index of the population, neuron within it. */
  record Spike(double ms, int population, long neuron) {}

  /** Population rate [Hz] in a bin centred at a time [ms]. */
  record Rate(double ms, int population, double hz) {}

  /** A sample of a variable. */
  record Sample(String variable, String unit, String population, int neuron, double ms, double v) {}

  static Activity of(Tables tables, Picked trial) {
    Dataset<Row> chunks = tables.of("spikes").filter(col("trial_id").equalTo(trial.trialId()));
    Dataset<Row> traces = tables.of("traces").filter(col("trial_id").equalTo(trial.trialId()));
    List<Row> extent = extent(chunks);
    var populations =
        extent.stream()
            .map(
                r ->
                    new Population(
                        r.getString(0), Tables.whole(r, "last") + 1, Tables.whole(r, "spikes")))
            .toList();
    Window window = window(extent.isEmpty() ? extentOfTraces(traces) : extent, trial.dtMs());
    Dataset<Row> spikes = exploded(chunks).filter(col("step").geq(window.start()));
    double binMs = binMs(window);
    var counts = counts(spikes, window, binMs);
    long inWindow = counts.stream().mapToLong(r -> r.getLong(2)).sum();
    int every = (int) Math.max(1, Math.min(inWindow / MOST_SPIKES + 1, coarsest(populations)));
    return new Activity(
        populations,
        window,
        every,
        binMs,
        spikes(spikes, window, every, populations),
        rates(counts, window, binMs, populations),
        samples(traces, window));
  }

  /** At least some 50 neurons are drawn, however many spikes they have. */
  private static long coarsest(List<Population> populations) {
    return Math.max(1, populations.stream().mapToLong(Population::neurons).sum() / 50);
  }

  /** The last second of the recording, or less where even 50 neurons spike too much for it. */
  private static Window window(List<Row> extent, double dtMs) {
    long start = extent.stream().mapToLong(r -> Tables.whole(r, "start")).min().orElse(0);
    long end = extent.stream().mapToLong(r -> Tables.whole(r, "end")).max().orElse(0);
    double spikes = extent.stream().mapToLong(r -> Tables.whole(r, "spikes")).sum();
    double neurons = extent.stream().mapToLong(r -> Tables.whole(r, "last") + 1).sum();
    double perStep = spikes / Math.max(1, end - start) / Math.max(1, neurons / 50);
    double most = Math.min(MOST_MS / dtMs, 2 * MOST_SPIKES / Math.max(perStep, 1e-9));
    return new Window(Math.max(start, end - Math.round(most)), end, end - start, dtMs);
  }

  private static List<Row> extentOfTraces(Dataset<Row> traces) {
    return traces
        .groupBy()
        .agg(
            lit(-1L).as("last"),
            lit(0L).as("spikes"),
            min("chunk_start_step").as("start"),
            max(expr("chunk_start_step + n_rows * stride")).as("end"))
        .collectAsList();
  }

  private static List<Row> extent(Dataset<Row> chunks) {
    return chunks
        .groupBy("population")
        .agg(
            max(coalesce(array_max(col("neuron")), lit(-1))).as("last"),
            sum("n_spikes").as("spikes"),
            min("chunk_start_step").as("start"),
            max(expr("chunk_start_step + chunk_steps")).as("end"))
        .orderBy("population")
        .collectAsList();
  }

  private static Dataset<Row> exploded(Dataset<Row> chunks) {
    return chunks
        .selectExpr("population", "chunk_start_step", "inline(arrays_zip(step_offset, neuron))")
        .selectExpr("population", "chunk_start_step + step_offset AS step", "neuron");
  }

  /** A bin of the rate: 5 ms, coarser if the window would hold more than 400 of them. */
  private static double binMs(Window w) {
    double span = w.endMs() - w.startMs();
    return Math.max(w.dtMs(), span / 400 > 5 ? span / 400 : Math.min(5, span / 20));
  }

  private static List<Row> counts(Dataset<Row> spikes, Window w, double binMs) {
    return spikes
        .groupBy(
            col("population"),
            col("step").minus(w.start()).multiply(w.dtMs() / binMs).cast("int").as("bin"))
        .agg(count(lit(1)))
        .collectAsList();
  }

  private static List<Spike> spikes(
      Dataset<Row> spikes, Window w, int every, List<Population> populations) {
    var names = populations.stream().map(Population::name).toList();
    return spikes
        .filter(col("neuron").mod(every).equalTo(0))
        .orderBy("population", "step", "neuron")
        .collectAsList()
        .stream()
        .map(
            r ->
                new Spike(
                    Tables.whole(r, "step") * w.dtMs(),
                    names.indexOf(r.getString(0)),
                    Tables.whole(r, "neuron")))
        .toList();
  }

  private static List<Rate> rates(
      List<Row> counts, Window w, double binMs, List<Population> populations) {
    int bins = (int) Math.max(1, Math.floor((w.endMs() - w.startMs()) / binMs + 1e-6));
    var out = new ArrayList<Rate>();
    for (int p = 0; p < populations.size(); p++) {
      Population population = populations.get(p);
      var perBin = new TreeMap<Integer, Long>();
      counts.stream()
          .filter(r -> r.getString(0).equals(population.name()))
          .forEach(r -> perBin.put(r.getInt(1), r.getLong(2)));
      for (int b = 0; b < bins; b++) {
        double hz = perBin.getOrDefault(b, 0L) / (population.neurons() * binMs * 1e-3);
        out.add(new Rate(w.startMs() + (b + 0.5) * binMs, p, population.neurons() == 0 ? 0 : hz));
      }
    }
    return out;
  }

  private static List<Sample> samples(Dataset<Row> traces, Window w) {
    long span = Math.max(1, w.end() - w.start());
    String row = "chunk_start_step + (pos div size(neuron_ids)) * stride AS step";
    return traces
        .selectExpr("*", "posexplode(values) AS (pos, v)")
        .selectExpr(
            "variable",
            "unit",
            "population",
            "neuron_ids[pos % size(neuron_ids)] AS neuron",
            "pos % size(neuron_ids) AS column",
            row,
            "stride",
            "v")
        .filter(col("column").equalTo(0).and(col("step").geq(w.start())))
        .filter(
            expr(
                "(step div stride) % greatest(1, "
                    + span
                    + " div (stride * "
                    + MOST_SAMPLES
                    + ")) = 0"))
        .orderBy("variable", "population", "step")
        .collectAsList()
        .stream()
        .map(
            r ->
                new Sample(
                    r.getString(0),
                    Tables.string(r, "unit"),
                    r.getString(2),
                    r.getInt(3),
                    Tables.whole(r, "step") * w.dtMs(),
                    Tables.number(r, "v")))
        .toList();
  }
}

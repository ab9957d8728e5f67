package spindle.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** The activity of one trial while its chunks are read; chunks may come in any order. */
final class ActivityDraft {
  private static final int MOST_SAMPLES = 2000;

  private final List<Activity.Population> populations;
  private final Activity.Window window;
  private final int every;
  private final long[][] counts;
  private final List<Activity.Spike> spikes = new ArrayList<>();
  private final List<Activity.Sample> samples = new ArrayList<>();

  private ActivityDraft(
      List<Activity.Population> populations, Activity.Window window, long spikesInWindow) {
    this.populations = populations;
    this.window = window;
    this.every = Activity.every(populations, spikesInWindow);
    this.counts = new long[populations.size()][window.bins()];
  }

  /**
   * A draft that knows what there is to read.
   *
   * @param spiking one row per chunk of spikes: population, start, end, n_spikes, last neuron
   * @param traced one row per chunk of a trace: start, end
   */
  static ActivityDraft of(List<Row> spiking, List<Row> traced, Picked trial) {
    List<Activity.Population> populations = populations(spiking, trial.sizes());
    // The span of the spikes; that of the traces where no spikes were recorded.
    List<Row> extent = spiking.isEmpty() ? traced : spiking;
    long start = extent.stream().mapToLong(r -> Tables.whole(r, "start")).min().orElse(0);
    long end = extent.stream().mapToLong(r -> Tables.whole(r, "end")).max().orElse(0);
    Activity.Window window = Activity.window(populations, start, end, trial.dtMs());
    long inWindow =
        spiking.stream()
            .filter(r -> Tables.whole(r, "end") > window.start())
            .mapToLong(r -> Tables.whole(r, "n_spikes"))
            .sum();
    return new ActivityDraft(populations, window, inWindow);
  }

  private static List<Activity.Population> populations(List<Row> spiking, Map<String, Long> sizes) {
    var found = new TreeMap<String, Activity.Population>();
    for (Row r : spiking) {
      String name = Tables.string(r, "population");
      long last = Tables.whole(r, "last") + 1;
      var chunk =
          new Activity.Population(
              name,
              sizes.getOrDefault(name, last),
              Tables.whole(r, "n_spikes"),
              sizes.containsKey(name));
      found.merge(
          name,
          chunk,
          (a, b) ->
              new Activity.Population(
                  name, Math.max(a.neurons(), b.neurons()), a.spikes() + b.spikes(), a.counted()));
    }
    return List.copyOf(found.values());
  }

  Activity.Window window() {
    return window;
  }

  private int index(String population) {
    for (int p = 0; p < populations.size(); p++) {
      if (populations.get(p).name().equals(population)) {
        return p;
      }
    }
    throw new IllegalStateException("no chunk named population " + population);
  }

  /** Counts and thins one chunk: trial, population, start, steps, neurons. */
  void spikes(Row chunk) {
    int population = index(chunk.getString(1));
    long start = chunk.getLong(2);
    Iterator<Integer> steps = chunk.<Integer>getList(3).iterator();
    Iterator<Integer> neurons = chunk.<Integer>getList(4).iterator();
    long[] bins = counts[population];
    while (steps.hasNext()) {
      long step = start + steps.next();
      int neuron = neurons.next();
      if (step >= window.start()) {
        int bin = (int) ((step - window.start()) / window.binSteps());
        if (bin < bins.length) {
          bins[bin]++;
        }
        if (neuron % every == 0) {
          spikes.add(new Activity.Spike(step * window.dtMs(), population, neuron));
        }
      }
    }
  }

  /**
   * Samples the first neuron of a chunk of a trace, or its population rate, thinned to what can be
   * told apart.
   */
  void samples(Row chunk) {
    List<Integer> neurons = chunk.getList(chunk.fieldIndex("neuron_ids"));
    int columns = Math.max(1, neurons.size());
    int first = neurons.isEmpty() ? Activity.Sample.ALL : neurons.get(0);
    long start = Tables.whole(chunk, "chunk_start_step");
    long stride = Tables.whole(chunk, "stride");
    long span = Math.max(1, window.end() - window.start());
    long thin = Math.max(1, span / (stride * MOST_SAMPLES));
    List<Float> values = chunk.getList(chunk.fieldIndex("values"));
    for (int row = 0; row * columns < values.size(); row++) {
      long step = start + row * stride;
      if (step >= window.start() && step / stride % thin == 0) {
        samples.add(
            new Activity.Sample(
                Tables.string(chunk, "variable"),
                Tables.string(chunk, "unit"),
                Tables.string(chunk, "population"),
                first,
                step * window.dtMs(),
                values.get(row * columns)));
      }
    }
  }

  Activity finish() {
    spikes.sort(
        Comparator.comparingInt(Activity.Spike::population)
            .thenComparingDouble(Activity.Spike::ms)
            .thenComparingLong(Activity.Spike::neuron));
    samples.sort(
        Comparator.comparing(Activity.Sample::variable)
            .thenComparing(Activity.Sample::population)
            .thenComparingDouble(Activity.Sample::ms));
    return new Activity(populations, window, every, spikes, rates(), samples);
  }

  private List<Activity.Rate> rates() {
    var rates = new ArrayList<Activity.Rate>();
    for (int p = 0; p < populations.size(); p++) {
      double neuronSeconds = Math.max(1, populations.get(p).neurons()) * window.binMs() * 1e-3;
      for (int b = 0; b < window.bins(); b++) {
        double ms = window.startMs() + (b + 0.5) * window.binMs();
        rates.add(new Activity.Rate(ms, p, counts[p][b] / neuronSeconds));
      }
    }
    return rates;
  }
}

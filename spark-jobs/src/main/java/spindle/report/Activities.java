package spindle.report;

import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import spindle.result.Table;

/**
 * Reads the activity of a few trials: first how much there is, then chunk by chunk what is drawn.
 *
 * <p>One chunk at a time is on the driver, so that a trial may have any number of spikes.
 */
final class Activities {
  private final Dataset<Row> spikes;
  private final Dataset<Row> traces;
  private final Map<String, ActivityDraft> drafts = new HashMap<>();

  private Activities(Tables tables, List<Picked> trials) {
    Object[] ids = trials.stream().map(Picked::trialId).toArray();
    spikes = tables.of(Table.SPIKES).filter(col("trial_id").isin(ids));
    traces = tables.of(Table.TRACES).filter(col("trial_id").isin(ids));
  }

  /** Activity of each trial, in their order. */
  static List<Activity> of(Tables tables, List<Picked> trials) {
    var all = new Activities(tables, trials);
    all.begin(trials);
    all.read();
    return trials.stream().map(t -> all.drafts.get(t.trialId()).finish()).toList();
  }

  private void begin(List<Picked> trials) {
    List<Row> spiking =
        spikes
            .select(
                col("trial_id"),
                col("population"),
                col("chunk_start_step").as("start"),
                expr("chunk_start_step + chunk_steps").as("end"),
                col("n_spikes"),
                coalesce(array_max(col("neuron")), lit(-1)).as("last"))
            .collectAsList();
    List<Row> traced =
        traces
            .select(
                col("trial_id"),
                col("chunk_start_step").as("start"),
                expr("chunk_start_step + n_rows * stride").as("end"))
            .collectAsList();
    for (Picked trial : trials) {
      var draft = ActivityDraft.of(own(spiking, trial), own(traced, trial), trial);
      drafts.put(trial.trialId(), draft);
    }
  }

  private static List<Row> own(List<Row> rows, Picked trial) {
    return rows.stream().filter(r -> r.getString(0).equals(trial.trialId())).toList();
  }

  private void read() {
    Iterator<Row> chunks =
        spikes
            .filter(drawn("chunk_start_step + chunk_steps"))
            .select("trial_id", "population", "chunk_start_step", "step_offset", "neuron")
            .toLocalIterator();
    chunks.forEachRemaining(r -> drafts.get(r.getString(0)).spikes(r));
    Iterator<Row> samples =
        traces.filter(drawn("chunk_start_step + n_rows * stride")).toLocalIterator();
    samples.forEachRemaining(r -> drafts.get(Tables.string(r, "trial_id")).samples(r));
  }

  /** Whether a chunk that ends there reaches into the drawn span of its trial. */
  private Column drawn(String end) {
    var any = new ArrayList<Column>();
    drafts.forEach(
        (trial, draft) ->
            any.add(col("trial_id").equalTo(trial).and(expr(end).gt(draft.window().start()))));
    return any.stream().reduce(Column::or).orElseThrow();
  }
}

package spindle.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import spindle.task.Parameter;
import spindle.task.Settings;
import spindle.task.Task;
import spindle.task.Value;

/** Parameters of a trial as the tables hold them: long, with origin, and as maps. */
final class ParamRows {
  private final RunHeader header;
  private final Task.Description task;

  ParamRows(RunHeader header, Task.Description task) {
    this.header = header;
    this.task = task;
  }

  /** Numbers by name, each in the unit its task declares. */
  Map<String, Double> numbers(Settings settings) {
    var numbers = new TreeMap<String, Double>();
    for (Parameter p : task.parameters()) {
      Value value = settings.values().get(p.name());
      if (value instanceof Value.Real real) {
        numbers.put(p.name(), real.quantity().in(p.unit()));
      } else if (value instanceof Value.Count count) {
        numbers.put(p.name(), (double) count.count());
      }
    }
    return numbers;
  }

  /** Words by name. */
  static Map<String, String> words(Settings settings) {
    var words = new TreeMap<String, String>();
    settings
        .values()
        .forEach(
            (name, value) -> {
              if (value instanceof Value.Word word) {
                words.put(name, word.word());
              }
            });
    return words;
  }

  /** Every parameter of a trial as a row of {@code params}. */
  List<Row> rows(TrialEnd end) {
    var rows = new ArrayList<Row>();
    for (Parameter p : task.parameters()) {
      Value value = end.settings().values().get(p.name());
      if (value != null) {
        rows.add(param(end.trial().trialId(), p, value));
      }
    }
    return rows;
  }

  private Row param(String trialId, Parameter p, Value value) {
    var cells =
        new Cells(Schemas.PARAMS)
            .set("trial_id", trialId)
            .set("name", p.name())
            .set("unit", p.unit().symbol())
            .set("axis", header.axes().contains(p.name()))
            .set("source", header.sources().getOrDefault(p.name(), "default"));
    if (value instanceof Value.Real real) {
      cells.set("kind", "double").set("value_d", real.quantity().in(p.unit()));
    } else if (value instanceof Value.Count count) {
      cells.set("kind", "long").set("value_l", count.count());
    } else {
      cells.set("kind", "string").set("value_s", value.toString());
    }
    return cells.row();
  }
}

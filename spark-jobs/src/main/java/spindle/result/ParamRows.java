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
            .set("source", source(p, value));
    if (value instanceof Value.Real real) {
      cells.set("kind", "double").set("value_d", real.quantity().in(p.unit()));
    } else if (value instanceof Value.Count count) {
      cells.set("kind", "long").set("value_l", count.count());
    } else {
      cells.set("kind", "string").set("value_s", value.toString());
    }
    return cells.row();
  }

  /**
   * Where the value came from; a value the sweep file spells out as the default counts as default.
   */
  private String source(Parameter p, Value value) {
    if (header.overrides().stream().anyMatch(o -> overrides(o, p.name()))) {
      return "override";
    }
    if (header.axes().contains(p.name())) {
      return "sweep";
    }
    if (!value.canonical().equals(header.fixed().get(p.name()))) {
      return "derived";
    }
    boolean fallback = value.canonical().equals(Value.parse(p, p.fallback()).canonical());
    return fallback ? "default" : "sweep";
  }

  private static boolean overrides(String argument, String name) {
    int equals = argument.indexOf('=');
    String key = equals < 0 ? argument : argument.substring(0, equals);
    return key.equals(name) || key.endsWith("." + name);
  }
}

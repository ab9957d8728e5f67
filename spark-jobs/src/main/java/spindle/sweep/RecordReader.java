package spindle.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spindle.task.Guards;
import spindle.task.Parameter;
import spindle.task.Quantity;
import spindle.task.Recording;
import spindle.task.Unit;
import spindle.task.Value;

/** Reads {@code record:}, {@code metrics:} and {@code guards:}. */
final class RecordReader {
  private static final Parameter CHUNK =
      Parameter.number("chunk", "100 ms", 0, Double.POSITIVE_INFINITY, "span of a spike row");
  private static final Parameter EVERY =
      Parameter.number("every", "1 ms", 0, Double.POSITIVE_INFINITY, "sampling interval");
  private static final Parameter MAX_RATE =
      Parameter.number("max_rate", "300 Hz", 0, Double.POSITIVE_INFINITY, "highest rate");
  private static final Parameter SILENT_AFTER =
      Parameter.number("silent_after", "500 ms", 0, Double.POSITIVE_INFINITY, "longest silence");

  private final Model model;
  private final Problems problems;
  private final Map<String, At> places;

  RecordReader(Model model, Problems problems, Map<String, At> places) {
    this.model = model;
    this.problems = problems;
    this.places = places;
  }

  Recording recording(Keys record) {
    Optional<Field> spikes = record.take("spikes").filter(f -> !isNone(f));
    List<String> populations = new ArrayList<>();
    double chunkMs = Recording.NONE.chunkMs();
    if (spikes.isPresent()) {
      Optional<Node.Mapping> mapping = record.mapping(spikes.get());
      if (mapping.isPresent()) {
        var keys = new Keys("record.spikes", mapping.get(), problems);
        populations = populations(keys);
        chunkMs = positive(keys, CHUNK, Unit.MILLISECOND);
        places.put(keys.path("chunk"), keys.take("chunk").orElse(spikes.get()).at());
        keys.finish();
      }
    }
    List<Recording.Trace> traces = new ArrayList<>();
    record.take("traces").ifPresent(f -> record.items(f).forEach(t -> trace(record, t, traces)));
    record.finish("checkpoints", "states", "weights");
    return new Recording(populations, chunkMs, traces);
  }

  List<String> metrics(Keys top) {
    return top.take("metrics")
        .map(field -> names(top, field, "metric", model.metrics()))
        .orElse(List.of());
  }

  Guards guards(Keys guards) {
    boolean rate = guards.take("max_rate").isPresent();
    boolean silence = guards.take("silent_after").isPresent();
    double maxRate = positive(guards, MAX_RATE, Unit.HERTZ);
    double silent = positive(guards, SILENT_AFTER, Unit.MILLISECOND);
    guards.word("on_nan", List.of("stop"), List.of("ignore", "continue"));
    guards.finish("max_grad_norm");
    return new Guards(
        rate ? maxRate : Double.POSITIVE_INFINITY, silence ? silent : Double.POSITIVE_INFINITY);
  }

  private List<String> populations(Keys keys) {
    List<String> all = model.description().populations();
    return keys.take("populations").map(field -> names(keys, field, "population", all)).orElse(all);
  }

  private List<String> names(Keys keys, Field list, String kind, List<String> known) {
    var names = new ArrayList<String>();
    for (Field item : keys.items(list)) {
      keys.text(item)
          .ifPresent(
              name -> {
                if (!known.contains(name)) {
                  problems.add(item.at(), item.path() + ": " + model.lacks(kind, name, known));
                } else if (names.contains(name)) {
                  problems.add(item.at(), item.path() + ": \"" + name + "\" is listed twice");
                } else {
                  names.add(name);
                }
              });
    }
    return names;
  }

  private void trace(Keys record, Field item, List<Recording.Trace> traces) {
    Optional<Node.Mapping> mapping = record.mapping(item);
    if (mapping.isEmpty()) {
      return;
    }
    var keys = new Keys(item.path(), mapping.get(), problems);
    Optional<String> population = known(keys, "population", model.description().populations());
    Optional<String> variable = known(keys, "variable", model.description().variables());
    boolean rate = variable.filter(Recording.Trace.RATE::equals).isPresent();
    if (rate && keys.take("neurons").isPresent()) {
      problems.add(
          keys.take("neurons").orElseThrow().at(),
          keys.path("neurons") + ": the rate is of the whole population; delete this key");
    }
    long neurons = keys.whole("neurons", 8, 1);
    double everyMs = positive(keys, EVERY, Unit.MILLISECOND);
    places.put(keys.path("every"), keys.take("every").orElse(item).at());
    keys.finish();
    if (neurons > Integer.MAX_VALUE) {
      problems.add(item.at(), item.path() + ".neurons: must be <= 2147483647, got " + neurons);
    } else if (population.isPresent() && variable.isPresent()) {
      traces.add(new Recording.Trace(population.get(), variable.get(), (int) neurons, everyMs));
    }
  }

  private Optional<String> known(Keys keys, String key, List<String> known) {
    Optional<Field> field = keys.take(key);
    if (field.isEmpty()) {
      problems.add(keys.at(), keys.path(key) + ": is missing; known: " + String.join(", ", known));
    }
    Optional<String> name = field.flatMap(keys::text);
    if (name.isPresent() && !known.contains(name.get())) {
      problems.add(
          field.orElseThrow().at(), keys.path(key) + ": " + model.lacks(key, name.get(), known));
      return Optional.empty();
    }
    return name;
  }

  private static boolean isNone(Field field) {
    return field.value() instanceof Node.Scalar s && s.text().equals("none");
  }

  /** A quantity above zero; its default where it is not. */
  private double positive(Keys keys, Parameter like, Unit unit) {
    if (keys.value(like) instanceof Value.Real real && real.quantity().si() > 0) {
      return real.quantity().in(unit);
    }
    Field given = keys.take(like.name()).orElseThrow();
    String got = keys.text(given).map(text -> ", got \"" + text + "\"").orElse("");
    problems.add(given.at(), given.path() + ": must be > 0" + got);
    return Quantity.parse(like.fallback()).orElseThrow().in(unit);
  }
}

package spindle.sweep;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import spindle.task.Guards;
import spindle.task.Quantity;
import spindle.task.Recording;
import spindle.task.Refinement;
import spindle.task.Unit;
import spindle.task.Value;

/** Writes a sweep as a file that says everything: defaults, overrides and all. */
final class Resolved {
  private final Sweep sweep;
  private final StringBuilder out = new StringBuilder();

  private Resolved(Sweep sweep) {
    this.sweep = sweep;
  }

  static String yaml(Sweep sweep) {
    var resolved = new Resolved(sweep);
    resolved.head();
    resolved.section("fixed", resolved.fixed());
    resolved.section("axes", resolved.axes());
    resolved.selection();
    resolved.refine();
    resolved.what();
    resolved.how();
    return resolved.out.toString();
  }

  private void head() {
    line("sweep", quoted(sweep.name()));
    line("about", sweep.about().isEmpty() ? "" : quoted(sweep.about()));
    line("schema", "1");
    line("model", quoted(sweep.model()));
  }

  private Map<String, String> fixed() {
    var varying = new HashSet<String>();
    sweep.axes().forEach(a -> varying.add(a.name()));
    sweep.selection().derive().forEach(d -> varying.add(d.name()));
    var fixed = new LinkedHashMap<String, String>();
    sweep.fixed().values().forEach((name, value) -> fixed.put(name, value.toString()));
    fixed.keySet().removeAll(varying);
    return fixed;
  }

  private Map<String, String> axes() {
    var axes = new LinkedHashMap<String, String>();
    sweep.axes().forEach(a -> axes.put(a.name(), axis(a)));
    return axes;
  }

  private static String axis(Axis axis) {
    var keys = new LinkedHashMap<String, String>();
    List<String> values = axis.values().stream().map(Value::toString).toList();
    String kind = axis.logarithmic() ? "log" : "lin";
    switch (axis.kind()) {
      case LISTED -> {
        boolean words = axis.values().get(0) instanceof Value.Word;
        keys.put(words ? "choice" : "values", values.toString());
      }
      case LINEAR, LOGARITHMIC -> {
        keys.put(kind, List.of(values.get(0), values.get(values.size() - 1)).toString());
        keys.put("n", Integer.toString(values.size()));
      }
      case UNIFORM, LOG_UNIFORM -> keys.put(kind, values.toString());
    }
    if (axis.round().signum() > 0) {
      keys.put("round", round(axis));
    }
    if (!axis.stage().isEmpty()) {
      keys.put("stage", axis.stage());
    }
    return flow(keys);
  }

  private static String round(Axis axis) {
    return axis.values().get(0) instanceof Value.Real real
        ? Quantity.of(axis.round().doubleValue(), real.quantity().unit()).toString()
        : axis.round().toPlainString();
  }

  private void selection() {
    var derive = new LinkedHashMap<String, String>();
    sweep.selection().derive().forEach(d -> derive.put(d.name(), quoted(d.expression())));
    section("derive", derive);
    line("where", list(sweep.selection().where()));
    Selection.Sampling sampling = sweep.selection().sampling();
    if (sampling.draws()) {
      line(
          "sampling",
          "{method: %s, n: %d, seed: %d, over: %s}"
              .formatted(
                  word(sampling.method()), sampling.n(), sampling.seed(), list(sampling.over())));
    }
  }

  private void refine() {
    Refinement r = sweep.refinement();
    if (!r.refines()) {
      return;
    }
    var refine = new LinkedHashMap<String, String>();
    refine.put("method", "gradient");
    refine.put("params", list(r.parameters()));
    var targets = new LinkedHashMap<String, String>();
    r.goals().forEach(g -> targets.put(g.metric(), target(g)));
    refine.put("targets", flow(targets));
    refine.put("optimizer", r.optimizer());
    refine.put("steps", Integer.toString(r.steps()));
    refine.put("lr", Quantity.of(r.rate(), Unit.ONE).toString());
    refine.put("clip", Quantity.of(r.clip(), Unit.ONE).toString());
    refine.put("window", ms(r.windowMs()));
    refine.put("reach", ms(r.reachMs()));
    section("refine", refine);
  }

  private static String target(Refinement.Goal goal) {
    return Quantity.of(goal.value(), Unit.of(goal.unit()).orElseThrow()).toString();
  }

  private void what() {
    Sweep.Replicates r = sweep.replicates();
    line(
        "replicates",
        "{n: %d, seed: %d, common_random_numbers: %s}"
            .formatted(r.n(), r.seed(), r.commonRandomNumbers()));
    Recording recording = sweep.recording();
    var record = new LinkedHashMap<String, String>();
    if (!recording.spikes().isEmpty()) {
      record.put(
          "spikes",
          "{populations: %s, chunk: %s}"
              .formatted(list(recording.spikes()), ms(recording.chunkMs())));
    }
    if (!recording.traces().isEmpty()) {
      record.put("traces", recording.traces().stream().map(Resolved::trace).toList().toString());
    }
    section("record", record);
    line("metrics", list(sweep.metrics()));
    line("guards", guards(sweep.guards()));
  }

  private static String trace(Recording.Trace t) {
    String neurons = t.isRate() ? "" : "neurons: " + t.neurons() + ", ";
    return "{population: %s, variable: %s, %severy: %s}"
        .formatted(quoted(t.population()), quoted(t.variable()), neurons, ms(t.everyMs()));
  }

  private static String guards(Guards guards) {
    var limits = new LinkedHashMap<String, String>();
    if (Double.isFinite(guards.maxRateHz())) {
      limits.put("max_rate", Quantity.of(guards.maxRateHz(), Unit.HERTZ).toString());
    }
    if (Double.isFinite(guards.silentAfterMs())) {
      limits.put("silent_after", ms(guards.silentAfterMs()));
    }
    limits.put("on_nan", "stop");
    return flow(limits);
  }

  private void how() {
    Sweep.Execution e = sweep.execution();
    line(
        "execution",
        "{backend: %s, partitions: %d, order: %s, failures: {max_fraction: %s, same_error: %d, on_abort: %s}}"
            .formatted(
                e.backend(),
                e.partitions(),
                word(e.order()),
                Quantity.of(e.maxFailedFraction(), Unit.ONE),
                e.sameError(),
                word(e.onAbort())));
    var budget = new LinkedHashMap<String, String>();
    if (Double.isFinite(sweep.budget().outputBytes())) {
      budget.put("output_gb", Quantity.of(sweep.budget().outputBytes() / 1e9, Unit.ONE).toString());
    }
    if (sweep.budget().trials() < Long.MAX_VALUE) {
      budget.put("trials", Long.toString(sweep.budget().trials()));
    }
    line("budget", budget.isEmpty() ? "" : flow(budget));
    line("output", "{root: " + quoted(sweep.root()) + ", reuse: " + word(sweep.reuse()) + "}");
  }

  private void line(String key, String value) {
    if (!value.isEmpty()) {
      out.append(key).append(": ").append(value).append('\n');
    }
  }

  private void section(String key, Map<String, String> entries) {
    if (!entries.isEmpty()) {
      out.append(key).append(":\n");
      entries.forEach((name, value) -> out.append("  ").append(name + ": " + value + "\n"));
    }
  }

  private static String flow(Map<String, String> entries) {
    var parts = new ArrayList<String>();
    entries.forEach((key, value) -> parts.add(key + ": " + value));
    return "{" + String.join(", ", parts) + "}";
  }

  /** A list of texts; empty if it has none. */
  private static String list(List<String> texts) {
    return texts.isEmpty() ? "" : texts.stream().map(Resolved::quoted).toList().toString();
  }

  private static String quoted(String text) {
    String plain = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return '"' + plain + '"';
  }

  private static String ms(double ms) {
    return Quantity.of(ms, Unit.MILLISECOND).toString();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}

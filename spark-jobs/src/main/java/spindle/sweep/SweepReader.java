package spindle.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import spindle.task.Guards;
import spindle.task.Recording;
import spindle.task.Settings;
import spindle.task.Task;
import spindle.task.Value;

/** Turns the document of a sweep file into a checked sweep, or into the list of its errors. */
final class SweepReader {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";

  private final String yaml;
  private final List<String> overrides;
  private final List<Task> tasks;
  private final Problems problems;
  private final Map<String, At> places = new HashMap<>();

  SweepReader(String yaml, List<String> overrides, List<Task> tasks, Problems problems) {
    this.yaml = yaml;
    this.overrides = overrides;
    this.tasks = tasks;
    this.problems = problems;
  }

  /**
   * Reads the file.
   *
   * @throws InvalidSweep if anything is wrong
   */
  Draft read(String source) {
    Optional<Node> root = YamlTree.ofFile(source, yaml, problems);
    if (root.isPresent() && !(root.get() instanceof Node.Mapping)) {
      problems.add(
          root.get().at(), "expected keys such as sweep, model and axes, got " + root.get().kind());
    }
    if (!(root.orElseGet(() -> new Node.Scalar(new At(source, 1, 1), ""))
        instanceof Node.Mapping mapping)) {
      problems.orThrow();
      throw new IllegalStateException("a document that is no mapping was not reported");
    }
    var top = new Keys("", new Overrides(problems).apply(mapping, overrides), problems);
    Draft draft = read(top);
    problems.orThrow();
    return draft;
  }

  private Draft read(Keys top) {
    String name = name(top);
    String about = top.text("about", "");
    schema(top);
    Node.Mapping axes = place(top, "axes");
    Node.Mapping fixed = place(top, "fixed");
    List<String> axisNames = axes.entries().stream().map(Node.Entry::key).toList();
    var run = new RunReader(problems);
    Sweep.Replicates replicates = run.replicates(top);
    Selection.Sampling sampling = run.sampling(top, axisNames);
    Sweep.Execution execution = run.execution(top);
    Sweep.Budget budget = run.budget(top);
    Keys output = top.nested("output");
    String folder = output.text("root", "results");
    String reuse = output.word("reuse", List.of("exact", "params", "none"), List.of());
    output.finish("reuse_from", "format");
    remember(top);
    Optional<Model> model = model(top);
    List.of("derive", "where", "record", "metrics", "guards").forEach(top::take);
    top.finish(
        "data",
        "search",
        "refine",
        "early_stop",
        "checkpoint",
        "zip",
        "union",
        "when",
        "verify",
        "numerics");
    if (model.isEmpty()) {
      problems.orThrow();
    }
    Parts parts = new Parts(model.orElseThrow(), axes, fixed, sampling);
    Content content = content(top, parts);
    var sweep =
        new Sweep(
            name,
            about,
            model.orElseThrow().name(),
            content.fixed(),
            content.axes(),
            replicates,
            content.recording(),
            content.guards(),
            execution,
            content.metrics(),
            folder,
            yaml,
            overrides,
            content.selection(),
            budget,
            Sweep.Reuse.valueOf(reuse.toUpperCase(Locale.ROOT)));
    return new Draft(sweep, places);
  }

  private record Parts(
      Model model, Node.Mapping axes, Node.Mapping fixed, Selection.Sampling sampling) {}

  private record Content(
      Settings fixed,
      List<Axis> axes,
      Recording recording,
      Guards guards,
      List<String> metrics,
      Selection selection) {}

  /** Everything that depends on the model. */
  private Content content(Keys top, Parts parts) {
    Model model = parts.model();
    both(parts);
    Settings fixed = fixed(top, parts);
    Set<String> sampled = new HashSet<>(parts.sampling().over());
    List<Axis> axes = new AxisReader(model, sampled, problems).read(parts.axes());
    var conditions = new ConditionReader(model, keys(parts.axes()), problems);
    List<Selection.Derived> derive = conditions.derive(top, keys(parts.fixed()));
    Map<String, At> where = conditions.where(top);
    int i = 0;
    for (At at : where.values()) {
      places.put("where[" + i++ + "]", at);
    }
    var record = new RecordReader(model, problems);
    return new Content(
        fixed,
        axes,
        record.recording(top.nested("record")),
        record.guards(top.nested("guards")),
        record.metrics(top),
        new Selection(derive, new ArrayList<>(where.keySet()), parts.sampling()));
  }

  private String name(Keys top) {
    Optional<Field> field = top.take("sweep");
    places.put("sweep", field.map(Field::keyAt).orElse(top.at()));
    if (field.isEmpty()) {
      problems.add(top.at(), "sweep: is missing; it names the folder of results");
    }
    String name = field.flatMap(top::text).orElse("sweep");
    if (!name.matches(NAME)) {
      problems.add(
          field.orElseThrow().at(),
          "sweep: a name has letters, digits, dot, - and _, got \"" + name + "\"");
    }
    return name;
  }

  private void schema(Keys top) {
    long schema = top.whole("schema", 1, 1);
    if (schema != 1) {
      problems.add(
          top.take("schema").orElseThrow().at(), "schema: this version reads 1, got " + schema);
    }
  }

  private Optional<Model> model(Keys top) {
    List<String> names = tasks.stream().map(t -> t.describe().name()).toList();
    Optional<Field> field = top.take("model");
    if (field.isEmpty()) {
      problems.add(top.at(), "model: is missing; known: " + String.join(", ", names));
    }
    Optional<String> name = field.flatMap(top::text);
    Optional<Task> task =
        tasks.stream()
            .filter(t -> name.filter(t.describe().name()::equals).isPresent())
            .findFirst();
    if (name.isPresent() && task.isEmpty()) {
      problems.add(
          field.orElseThrow().at(),
          "model: no model \"" + name.get() + "\"" + Nearest.hintOrList(name.get(), names));
    }
    return task.map(t -> new Model(t.describe()));
  }

  private Node.Mapping place(Keys top, String key) {
    return top.take(key)
        .flatMap(top::mapping)
        .orElseGet(() -> new Node.Mapping(top.at(), List.of()));
  }

  /** Places that checks of the whole plan may blame. */
  private void remember(Keys top) {
    for (String key : List.of("axes", "derive", "where", "record", "budget")) {
      top.take(key).ifPresent(f -> places.put(key, f.keyAt()));
    }
    top.nested("record").take("spikes").ifPresent(f -> places.put("record.spikes", f.keyAt()));
    top.nested("budget").take("trials").ifPresent(f -> places.put("budget.trials", f.at()));
  }

  private void both(Parts parts) {
    for (Node.Entry entry : parts.fixed().entries()) {
      parts
          .axes()
          .entry(entry.key())
          .ifPresent(
              axis ->
                  problems.add(
                      entry.at(),
                      entry.key()
                          + " is both fixed ("
                          + entry.at().brief()
                          + ") and an axis ("
                          + axis.at().brief()
                          + ")"));
    }
  }

  private Settings fixed(Keys top, Parts parts) {
    var values = new HashMap<String, Value>();
    for (Node.Entry entry : parts.fixed().entries()) {
      var field = new Field("fixed." + entry.key(), entry.at(), entry.value());
      parts
          .model()
          .parameter(entry.key())
          .ifPresentOrElse(
              p -> top.value(field, p).ifPresent(v -> values.put(entry.key(), v)),
              () ->
                  problems.add(
                      entry.at(),
                      field.path()
                          + ": "
                          + parts
                              .model()
                              .lacks("parameter", entry.key(), parts.model().parameters())));
    }
    return Settings.defaults(parts.model().description().parameters()).with(values);
  }

  private static Set<String> keys(Node.Mapping mapping) {
    var keys = new LinkedHashSet<String>();
    mapping.entries().forEach(e -> keys.add(e.key()));
    return keys;
  }
}

package spindle.sweep;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import spindle.task.Refinement;
import spindle.task.Task;

/** Turns the document of a sweep file into a checked sweep, or into the list of its errors. */
final class SweepReader {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]*";
  private static final int MAX_NAME = 100;

  private static final String[] LATER = {
    "data", "search", "early_stop", "checkpoint", "zip", "union", "when", "verify", "numerics"
  };

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

  /** What a sweep is called. */
  private record Heading(String name, String about, String model) {}

  private Draft read(Keys top) {
    var heading = new Heading(name(top), top.text("about", ""), top.text("model", ""));
    schema(top);
    Node.Mapping axes = axes(top);
    Node.Mapping fixed = place(top, "fixed");
    List<String> swept = axes.entries().stream().map(Node.Entry::key).toList();
    RunReader.Run run = new RunReader(problems).read(top, swept);
    remember(top);
    Optional<Model> known = model(top);
    finish(top);
    if (known.isEmpty()) {
      problems.orThrow(); // the rest cannot be judged without a model
    }
    Model plain = known.orElseThrow();
    Refinement refinement = new RefineReader(plain, problems, places).read(top);
    Model model = plain.refined(refinement);
    var reader = new ContentReader(model, problems, places);
    var content = reader.read(top, axes, fixed, run.sampling());
    return new Draft(sweep(heading, content, run, refinement), places);
  }

  private Sweep sweep(
      Heading heading, ContentReader.Content content, RunReader.Run run, Refinement refinement) {
    return new Sweep(
        heading.name(),
        heading.about(),
        heading.model(),
        content.fixed(),
        content.axes(),
        run.replicates(),
        content.recording(),
        content.guards(),
        run.execution(),
        content.metrics(),
        run.output().root(),
        yaml,
        overrides,
        content.selection(),
        run.budget(),
        run.output().reuse(),
        content.given(),
        refinement);
  }

  /** The axes; none at all is one configuration, but an empty list of them is a slip. */
  private Node.Mapping axes(Keys top) {
    Node.Mapping axes = place(top, "axes");
    Optional<Field> field = top.take("axes");
    if (field.filter(f -> f.value() instanceof Node.Mapping).isPresent()
        && axes.entries().isEmpty()) {
      problems.add(
          field.get().at(),
          "axes: is empty; name at least one axis, or leave axes out to run one configuration");
    }
    return axes;
  }

  private static void finish(Keys top) {
    List.of("derive", "where", "record", "metrics", "guards", "refine").forEach(top::take);
    top.finish(LATER);
  }

  private String name(Keys top) {
    Optional<Field> field = top.take("sweep");
    places.put("sweep", field.map(Field::keyAt).orElse(top.at()));
    if (field.isEmpty()) {
      problems.add(top.at(), "sweep: is missing; it names the folder of results");
    }
    String name = field.flatMap(top::text).orElse("sweep");
    if (name.length() > MAX_NAME) {
      problems.add(
          field.orElseThrow().at(),
          "sweep: a name has at most %d characters, got %d; it names a folder"
              .formatted(MAX_NAME, name.length()));
    } else if (!name.matches(NAME)) {
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
    return task.map(Model::of);
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
    for (String key : List.of("spikes", "traces")) {
      top.nested("record").take(key).ifPresent(f -> places.put("record." + key, f.keyAt()));
    }
    top.nested("budget").take("trials").ifPresent(f -> places.put("budget.trials", f.at()));
  }
}

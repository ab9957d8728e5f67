package spindle.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spindle.task.Catalogue;
import spindle.task.Metric;
import spindle.task.Parameter;
import spindle.task.Task;
import spindle.task.Tasks;

/** {@code spindle models}: what a sweep can name, and the parts that it is built from. */
@Command(
    name = "models",
    description =
        "List the models and their parts, or show one of them: parameters with units, defaults and"
            + " sources.",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "A model or a part.")
  private String name = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Task.Description> models = Tasks.all().stream().map(Task::describe).toList();
    Optional<Task.Description> model =
        models.stream().filter(m -> m.name().equals(name)).findFirst();
    Optional<Catalogue.Part> part =
        Catalogue.parts().stream().filter(p -> p.name().equals(name)).findFirst();
    if (name.isEmpty()) {
      list(models, out);
    } else if (model.isPresent()) {
      print(model.get(), out);
    } else {
      print(part.orElseThrow(() -> unknown(models)), models, out);
    }
    return 0;
  }

  private static void list(List<Task.Description> models, PrintWriter out) {
    var table = new Table().row("model", "meaning");
    models.forEach(m -> table.row(m.name(), m.about()));
    table.print(out);
    out.println();
    var parts = new Table().row("part", "name", "parameters", "meaning");
    Catalogue.parts().forEach(p -> parts.row(p.kind(), p.name(), p.parameters(), p.about()));
    parts.print(out);
  }

  private ParameterException unknown(List<Task.Description> models) {
    List<String> known =
        Stream.concat(
                models.stream().map(Task.Description::name),
                Catalogue.parts().stream().map(Catalogue.Part::name))
            .toList();
    return new ParameterException(
        spec.commandLine(),
        "no model or part \"" + name + "\"; known: " + String.join(", ", known));
  }

  private static void print(Task.Description model, PrintWriter out) {
    out.println(model.name() + ": " + model.about());
    out.println();
    var parameters = new Table().row("parameter", "default", "allowed", "meaning", "default from");
    model
        .parameters()
        .forEach(
            p -> {
              String allowed = isLong(p) ? "a word of those below" : allowed(p);
              parameters.row(p.name(), p.fallback(), allowed, about(p), p.source());
            });
    parameters.print(out);
    out.println();
    model.parameters().stream()
        .filter(ModelsCommand::isLong)
        .forEach(p -> out.println(p.name() + ": " + String.join(" | ", p.choices()) + "\n"));
    var metrics = new Table().row("metric", "unit", "meaning");
    model.metrics().forEach(m -> metrics.row(m.name(), m.unit(), about(m)));
    metrics.print(out);
    out.println();
    new Table()
        .row("populations", String.join(", ", model.populations()))
        .row("variables", String.join(", ", model.variables()))
        .print(out);
  }

  private static void print(Catalogue.Part part, List<Task.Description> models, PrintWriter out) {
    out.println(part.name() + " (" + part.kind() + "): " + part.about());
    out.println("source: " + part.source());
    if (!part.fields().isEmpty()) {
      out.println();
      var table = new Table().row("parameter", "unit", "default", "set by", "meaning");
      for (Catalogue.Field f : part.fields()) {
        String fallback = fallback(f, models);
        table.row(f.name(), shown(f.unit()), fallback, shown(f.setBy()), f.about());
      }
      table.print(out);
    }
  }

  /** The default of the parameter that sets a field, as a sweep would have it. */
  private static String fallback(Catalogue.Field field, List<Task.Description> models) {
    return models.stream()
        .flatMap(m -> m.parameters().stream())
        .filter(p -> p.name().equals(field.setBy()))
        .map(Parameter::fallback)
        .findFirst()
        .orElse("none");
  }

  private static String shown(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static String about(Parameter p) {
    Parameter.Use use = p.use();
    if (use.parameter().isEmpty()) {
      return p.about();
    }
    String when = use.words().isEmpty() ? " is not 0" : " = " + String.join(" or ", use.words());
    return p.about() + " (used where " + use.parameter() + when + ")";
  }

  private static String about(Metric metric) {
    return metric.about() + (metric.timing() ? " (differs between equal trials)" : "");
  }

  /** Whether the choices would make the table too wide to read. */
  private static boolean isLong(Parameter p) {
    return String.join(" | ", p.choices()).length() > 60;
  }

  private static String allowed(Parameter p) {
    return switch (p.kind()) {
      case CHOICE -> String.join(" | ", p.choices());
      case TEXT -> "any text";
      case COUNT, NUMBER -> p.range();
    };
  }
}

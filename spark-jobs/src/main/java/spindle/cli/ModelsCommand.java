package spindle.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import spindle.task.Catalogue;
import spindle.task.Metric;
import spindle.task.Parameter;
import spindle.task.Quantity;
import spindle.task.Task;
import spindle.task.Tasks;

/** {@code spindle models}: what a sweep can name. */
@Command(
    name = "models",
    description =
        "List the models and their parts, or the parameters, metrics and populations of one.",
    mixinStandardHelpOptions = true)
final class ModelsCommand implements Callable<Integer> {
  @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "A model.")
  private String name = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Task.Description> models = Tasks.all().stream().map(Task::describe).toList();
    if (name.isEmpty()) {
      var table = new Table();
      models.forEach(m -> table.row(m.name(), m.about()));
      table.print(out);
      out.println();
      parts(out);
      return 0;
    }
    print(
        models.stream()
            .filter(m -> m.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown(models)),
        out);
    return 0;
  }

  private static void parts(PrintWriter out) {
    var table = new Table().row("part", "name", "parameters", "meaning");
    Catalogue.parts().forEach(p -> table.row(p.kind(), p.name(), p.parameters(), p.about()));
    table.print(out);
  }

  private ParameterException unknown(List<Task.Description> models) {
    String known = String.join(", ", models.stream().map(Task.Description::name).toList());
    return new ParameterException(
        spec.commandLine(),
        "no model \"" + name + "\"; known: " + (known.isEmpty() ? "none" : known));
  }

  private static void print(Task.Description model, PrintWriter out) {
    out.println(model.name() + ": " + model.about());
    out.println();
    var parameters = new Table().row("parameter", "default", "allowed", "meaning");
    model.parameters().forEach(p -> parameters.row(p.name(), p.fallback(), allowed(p), p.about()));
    parameters.print(out);
    out.println();
    var metrics = new Table().row("metric", "unit", "meaning");
    model.metrics().forEach(m -> metrics.row(m.name(), m.unit(), about(m)));
    metrics.print(out);
    out.println();
    new Table()
        .row("populations", String.join(", ", model.populations()))
        .row("variables", String.join(", ", model.variables()))
        .print(out);
  }

  private static String about(Metric metric) {
    return metric.about() + (metric.timing() ? " (differs between equal trials)" : "");
  }

  private static String allowed(Parameter p) {
    return switch (p.kind()) {
      case CHOICE -> String.join(" | ", p.choices());
      case COUNT, NUMBER -> {
        boolean low = Double.isFinite(p.min());
        boolean high = Double.isFinite(p.max());
        yield low && high
            ? bound(p, p.min()) + " to " + bound(p, p.max())
            : low ? ">= " + bound(p, p.min()) : high ? "<= " + bound(p, p.max()) : "any";
      }
    };
  }

  private static String bound(Parameter p, double value) {
    return Quantity.of(value, p.unit()).toString();
  }
}

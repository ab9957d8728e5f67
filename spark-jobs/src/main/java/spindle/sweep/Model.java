package spindle.sweep;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import spindle.task.Metric;
import spindle.task.Parameter;
import spindle.task.Refined;
import spindle.task.Refinement;
import spindle.task.Task;

/** The model a sweep names, as far as reading a file needs it. */
record Model(Task task, Task.Description description) {
  static Model of(Task task) {
    return new Model(task, task.describe());
  }

  /** The model with what refining adds to it. */
  Model refined(Refinement refinement) {
    return of(Refined.of(task, refinement));
  }

  List<String> stages() {
    return task.stages();
  }

  String name() {
    return description.name();
  }

  Optional<Parameter> parameter(String name) {
    return description.parameters().stream().filter(p -> p.name().equals(name)).findFirst();
  }

  List<String> parameters() {
    return description.parameters().stream().map(Parameter::name).toList();
  }

  List<String> metrics() {
    return description.metrics().stream().map(Metric::name).toList();
  }

  /** {@code model coba-lif has no population "e"; did you mean "E"?}. */
  String lacks(String kind, String name, Collection<String> known) {
    return "model "
        + name()
        + " has no "
        + kind
        + " \""
        + name
        + "\""
        + (kind.equals("parameter") ? Nearest.hint(name, known) : Nearest.hintOrList(name, known));
  }
}

package spindle.sweep;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.task.Guards;
import spindle.task.Recording;
import spindle.task.Settings;
import spindle.task.Value;

/** Reads what depends on the model: parameters, axes, conditions, recordings. */
final class ContentReader {
  private final Model model;
  private final Problems problems;
  private final Map<String, At> places;

  ContentReader(Model model, Problems problems, Map<String, At> places) {
    this.model = model;
    this.problems = problems;
    this.places = places;
  }

  /** The part of a sweep that depends on its model. */
  record Content(
      Settings fixed,
      Set<String> given,
      List<Axis> axes,
      Recording recording,
      Guards guards,
      List<String> metrics,
      Selection selection) {}

  Content read(Keys top, Node.Mapping axes, Node.Mapping fixed, Selection.Sampling sampling) {
    fixed.entries().forEach(entry -> axes.entry(entry.key()).ifPresent(axis -> both(entry, axis)));
    Settings settings = fixed(top, fixed);
    List<Axis> read =
        new AxisReader(model, Set.copyOf(sampling.over()), problems, places).read(axes);
    var conditions = new ConditionReader(model, keys(axes), problems);
    List<Selection.Derived> derive = conditions.derive(top, keys(fixed));
    top.take("derive").flatMap(top::mapping).stream()
        .flatMap(mapping -> mapping.entries().stream())
        .forEach(entry -> places.put("derive." + entry.key(), entry.value().at()));
    Map<String, At> where = conditions.where(top);
    int i = 0;
    for (At at : where.values()) {
      places.put("where[" + i++ + "]", at);
    }
    var record = new RecordReader(model, problems, places);
    return new Content(
        settings,
        keys(fixed),
        read,
        record.recording(top.nested("record")),
        record.guards(top.nested("guards")),
        record.metrics(top),
        new Selection(derive, new ArrayList<>(where.keySet()), sampling));
  }

  private void both(Node.Entry fixed, Node.Entry axis) {
    problems.add(
        fixed.at(),
        fixed.key()
            + " is both fixed ("
            + fixed.at().brief()
            + ") and an axis ("
            + axis.at().brief()
            + ")");
  }

  private Settings fixed(Keys top, Node.Mapping fixed) {
    var values = new HashMap<String, Value>();
    for (Node.Entry entry : fixed.entries()) {
      var field = new Field("fixed." + entry.key(), entry.at(), entry.value());
      String name = entry.key();
      places.put(field.path(), field.at());
      model
          .parameter(name)
          .ifPresentOrElse(
              p -> top.value(field, p).ifPresent(v -> values.put(name, v)),
              () ->
                  problems.add(
                      entry.at(),
                      field.path() + ": " + model.lacks("parameter", name, model.parameters())));
    }
    return Settings.defaults(model.description().parameters()).with(values);
  }

  private static Set<String> keys(Node.Mapping mapping) {
    var keys = new LinkedHashSet<String>();
    mapping.entries().forEach(e -> keys.add(e.key()));
    return keys;
  }
}

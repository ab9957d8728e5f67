package spindle.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import spindle.model.Assembly;

/**
 * How scalars of a step follow from the parameters of a task that move.
 *
 * <p>A parameter is its start times e^u, and u is what descends. Which scalars depend on it, and
 * how steeply, is seen by building the step's arguments on either side: they are closed formulas in
 * f64 of which the central difference is exact to about 1e-10, so that no task has to say how its
 * parameters enter the equations.
 */
final class Scalars {
  private static final double STEP = 1e-6;

  private final Smooth smooth;
  private final Map<String, Parameter> moving = new LinkedHashMap<>();
  private final Trial trial;
  private final Set<String> names = new TreeSet<>();

  Scalars(Task task, Smooth smooth, List<String> parameters, Trial trial) {
    this.smooth = smooth;
    this.trial = trial;
    for (String name : parameters) {
      task.describe().parameters().stream()
          .filter(p -> p.name().equals(name))
          .forEach(p -> moving.put(name, p));
    }
    var still = new LinkedHashMap<String, Double>();
    parameters.forEach(p -> still.put(p, 0.0));
    slopes(still).values().forEach(slope -> names.addAll(slope.keySet()));
  }

  /** The scalars that depend on a parameter that moves. */
  Set<String> names() {
    return names;
  }

  /** The settings with the parameters where they are. */
  Settings settings(Map<String, Double> log) {
    var changes = new LinkedHashMap<String, Value>();
    log.forEach(
        (p, u) ->
            changes.put(p, new Value.Real(Quantity.of(number(p, log), moving.get(p).unit()))));
    return trial.settings().with(changes);
  }

  /** A parameter in its unit. */
  double number(String parameter, Map<String, Double> log) {
    double start = trial.settings().number(parameter, moving.get(parameter).unit());
    return start * StrictMath.exp(log.get(parameter));
  }

  /** Name and value of a parameter as users write them. */
  String shown(String parameter, Map<String, Double> log) {
    double rounded = (float) number(parameter, log);
    String value = Double.isFinite(rounded) ? Float.toString((float) rounded) : "" + rounded;
    return parameter + " = " + value + " " + moving.get(parameter).unit().symbol();
  }

  /** The values of the scalars. */
  Map<String, Double> values(Map<String, Double> log) {
    var values = new TreeMap<>(arguments(log));
    values.keySet().retainAll(names);
    return values;
  }

  private Map<String, Double> arguments(Map<String, Double> log) {
    return Assembly.of(smooth.network(settings(log)), trial.seed()).arguments();
  }

  /**
   * The gradient by the logarithms of the parameters.
   *
   * @param byScalar the gradient by the scalars
   */
  Map<String, Double> gradient(Map<String, Double> log, Map<String, Double> byScalar) {
    var gradient = new LinkedHashMap<String, Double>();
    slopes(log)
        .forEach(
            (parameter, slope) -> {
              double sum = 0;
              for (String scalar : names) {
                sum += byScalar.get(scalar) * slope.getOrDefault(scalar, 0.0);
              }
              gradient.put(parameter, sum);
            });
    return gradient;
  }

  /** By parameter, the derivative of each scalar that depends on it. */
  private Map<String, Map<String, Double>> slopes(Map<String, Double> log) {
    var slopes = new LinkedHashMap<String, Map<String, Double>>();
    for (String parameter : moving.keySet()) {
      Map<String, Double> up = arguments(moved(log, parameter, STEP));
      Map<String, Double> down = arguments(moved(log, parameter, -STEP));
      var slope = new TreeMap<String, Double>();
      up.forEach((name, value) -> slope.put(name, (value - down.get(name)) / (2 * STEP)));
      slope.values().removeIf(v -> v == 0);
      slopes.put(parameter, slope);
    }
    return slopes;
  }

  private static Map<String, Double> moved(Map<String, Double> log, String parameter, double by) {
    var moved = new LinkedHashMap<>(log);
    moved.merge(parameter, by, Double::sum);
    return moved;
  }
}

package spindle.grad;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * What a program is differentiated by.
 *
 * @param variables names of float and events variables: their values at the start of the step
 * @param parameters names of float parameters
 */
public record Inputs(Set<String> variables, Set<String> parameters) {
  public Inputs {
    variables = Set.copyOf(variables);
    parameters = Set.copyOf(parameters);
  }

  /** Everything that a program can be differentiated by. */
  public static Inputs all(Program p) {
    return new Inputs(
        p.variables().stream()
            .filter(Inputs::isSmooth)
            .map(Variable::name)
            .collect(Collectors.toSet()),
        p.parameters().keySet().stream()
            .filter(name -> p.parameters().get(name).isFloat())
            .collect(Collectors.toSet()));
  }

  static boolean isSmooth(Variable v) {
    return v.type().dtype() != DType.I32;
  }

  Inputs with(String variable) {
    var more = new LinkedHashSet<>(variables);
    more.add(variable);
    return new Inputs(more, parameters);
  }

  /**
   * Refuses names that the program does not have or that carry no derivative.
   *
   * @throws IllegalArgumentException naming the program and the input
   */
  void requireOf(Program p) {
    Inputs possible = all(p);
    variables.stream()
        .filter(v -> !possible.variables.contains(v))
        .findAny()
        .ifPresent(v -> refuse(p, "float or events variable", v));
    parameters.stream()
        .filter(q -> !possible.parameters.contains(q))
        .findAny()
        .ifPresent(q -> refuse(p, "float parameter", q));
  }

  private static void refuse(Program p, String kind, String name) {
    throw new IllegalArgumentException(p.name() + " has no " + kind + " " + name);
  }
}

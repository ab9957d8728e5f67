package spindle.grad;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * The variables that hold derivatives: one beside each float variable and float parameter, and
 * beside an events variable one float vector per step of its history.
 */
final class Companions {
  private final Program program;
  private final Trace trace;
  private final String prefix;
  private final DType events;
  private final Set<String> taken = new HashSet<>();

  Companions(Program program, Trace trace, String prefix) {
    this.program = program;
    this.trace = trace;
    this.prefix = prefix;
    this.events = eventsType(program);
    program.variables().forEach(v -> taken.add(v.name()));
  }

  static String name(String prefix, String variable) {
    return prefix + "." + variable;
  }

  static String name(String prefix, String variable, int delay) {
    return name(prefix, variable) + "." + delay;
  }

  static String parameter(String prefix, String parameter) {
    return prefix + ".param." + parameter;
  }

  /** Derivatives by events are as wide as the widest value of the program. */
  private static DType eventsType(Program p) {
    boolean wide = p.equations().stream().anyMatch(e -> e.type().dtype() == DType.F64);
    return wide ? DType.F64 : DType.F32;
  }

  /** The type of a derivative by a value of type {@code t}. */
  Type type(Type t) {
    return t.dtype() == DType.EVENTS ? t.as(events) : t;
  }

  /** Declares the companions of some variables. */
  List<Variable> declareVariables(Set<String> names) {
    var declared = new ArrayList<Variable>();
    for (Variable v : program.variables()) {
      for (int d = 1; names.contains(v.name()) && d <= v.history(); d++) {
        declared.add(declare(name(v, d), type(v.type())));
      }
    }
    return declared;
  }

  /** Declares the companions of some parameters. */
  List<Variable> declareParameters(Set<String> names) {
    var declared = new ArrayList<Variable>();
    program
        .parameters()
        .forEach(
            (name, dtype) -> {
              if (names.contains(name)) {
                declared.add(declare(parameter(prefix, name), Type.scalar(dtype)));
              }
            });
    return declared;
  }

  /**
   * Declares a variable that the program must not have yet.
   *
   * @throws IllegalArgumentException naming the program and the variable
   */
  Variable declare(String name, Type type) {
    if (!taken.add(name)) {
      throw new IllegalArgumentException(
          program.name() + " already has a variable " + name + "; rename it");
    }
    return trace.declare(Variable.of(name, type));
  }

  /** The companion of what a variable held {@code delay} steps ago. */
  String name(Variable v, int delay) {
    return v.type().dtype() == DType.EVENTS
        ? name(prefix, v.name(), delay)
        : name(prefix, v.name());
  }

  /** The companion of what an equation loads. */
  String name(Equation load) {
    return name(program.variable(load.name()), (int) load.value());
  }

  String parameter(String parameter) {
    return parameter(prefix, parameter);
  }

  Expr load(Equation load) {
    return load.op() == Op.RECENT ? recent(load) : trace.load(name(load));
  }

  /** The companions of all that an equation remembers, oldest first. */
  private Expr recent(Equation e) {
    Variable v = program.variable(e.name());
    var part = Recent.of(trace, v, e);
    var steps = new ArrayList<Expr>();
    for (int d = v.history(); d >= 1; d--) {
      steps.add(part.range(trace.load(name(v, d))));
    }
    return Fit.joined(trace, steps);
  }
}

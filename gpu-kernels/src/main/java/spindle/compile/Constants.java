package spindle.compile;

import java.util.Map;
import spindle.ir.Equation;
import spindle.ir.Meaning;
import spindle.ir.Program;

/**
 * Scalars that depend on arguments alone: computed once when a program is bound.
 *
 * @param known whether the equation at a place is such a scalar
 * @param values its value
 */
public record Constants(boolean[] known, double[] values) {

  /** Which equations are constant, before any argument is given. */
  static boolean[] known(Program p) {
    var known = new boolean[p.equations().size()];
    for (int i = 0; i < known.length; i++) {
      Equation e = p.at(i);
      known[i] =
          switch (e.op()) {
            case CONST, PARAM -> true;
            case TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, PROPAGATE -> false;
            case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND, XOR, SHL, SHR ->
                all(known, e);
            case CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT -> all(known, e);
            case EXP, EXPM1, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP -> all(known, e);
          };
    }
    return known;
  }

  /**
   * Computes the constants of a lowered program.
   *
   * @throws IllegalArgumentException if an argument is missing
   */
  public static Constants of(Program p, Map<String, Double> arguments) {
    boolean[] known = known(p);
    var values = new double[known.length];
    for (int i = 0; i < known.length; i++) {
      if (known[i]) {
        values[i] = value(p, i, values, arguments);
      }
    }
    return new Constants(known, values);
  }

  private static double value(Program p, int i, double[] values, Map<String, Double> arguments) {
    Equation e = p.at(i);
    return switch (e.op()) {
      case CONST -> e.value();
      case PARAM -> Meaning.round(e.type().dtype(), argument(p, e.name(), arguments));
      case TIME,
          INDEX,
          LOAD,
          GATHER,
          SUM,
          SLICE,
          COLLECT,
          PROPAGATE,
          ADD,
          SUB,
          MUL,
          DIV,
          FMA,
          NEG,
          ABS ->
          apply(p, e, values);
      case SQRT, MIN, MAX, FLOOR, AND, XOR, SHL, SHR, CAST, SCALE, EXPONENT, MANTISSA ->
          apply(p, e, values);
      case HEAVISIDE, SELECT, EXP, EXPM1, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
          apply(p, e, values);
    };
  }

  private static double apply(Program p, Equation e, double[] values) {
    double[] x = e.args().stream().mapToDouble(a -> values[a]).toArray();
    return Meaning.apply(e.op(), p.at(e.args().get(0)).type().dtype(), e.type().dtype(), x);
  }

  private static double argument(Program p, String name, Map<String, Double> arguments) {
    Double value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException(p.name() + " needs argument " + name);
    }
    return value;
  }

  private static boolean all(boolean[] known, Equation e) {
    return e.args().stream().allMatch(a -> known[a]);
  }
}

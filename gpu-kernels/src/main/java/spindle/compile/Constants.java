package spindle.compile;

import java.util.Map;
import spindle.ir.Equation;
import spindle.ir.Meaning;
import spindle.ir.Op;
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
      boolean argument = e.op() == Op.CONST || e.op() == Op.PARAM;
      known[i] = argument || (e.op().isElementwise() && all(known, e));
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
    if (e.op() == Op.CONST) {
      return e.value();
    }
    return e.op() == Op.PARAM
        ? Meaning.round(e.type().dtype(), argument(p, e.name(), arguments))
        : apply(p, e, values);
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

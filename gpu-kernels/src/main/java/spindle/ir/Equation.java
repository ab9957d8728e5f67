package spindle.ir;

import java.util.List;
import java.util.Locale;

/**
 * One line of a program; its value is known by its place in the list.
 *
 * @param op operation
 * @param type type of the value
 * @param args places of the operands, all earlier
 * @param name parameter, variable or rows the operation names, else empty
 * @param value the constant, or the delay of a load [steps], else 0
 */
public record Equation(Op op, Type type, List<Integer> args, String name, double value) {
  public Equation {
    args = List.copyOf(args);
  }

  // A record's own equals and hashCode are linked at run time and slow until compiled; these two
  // are
  // what a trace spends its time in while a process is cold.
  @Override
  public boolean equals(Object other) {
    return other instanceof Equation e
        && op == e.op
        && type.equals(e.type)
        && args.equals(e.args)
        && name.equals(e.name)
        && Double.doubleToLongBits(value) == Double.doubleToLongBits(e.value);
  }

  @Override
  public int hashCode() {
    int h = op.hashCode() * 31 + type.length();
    h = (h * 31 + args.hashCode()) * 31 + name.hashCode();
    return h * 31 + Double.hashCode(value);
  }

  @Override
  public String toString() {
    var text = new StringBuilder(op.name().toLowerCase(Locale.ROOT)).append(' ').append(type);
    args.forEach(a -> text.append(" %").append(a));
    if (!name.isEmpty()) {
      text.append(' ').append(name);
    }
    if (op == Op.CONST || value != 0) {
      text.append(' ').append(value);
    }
    return text.toString();
  }
}

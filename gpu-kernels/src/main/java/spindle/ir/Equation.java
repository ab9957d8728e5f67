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

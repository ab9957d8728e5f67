package spindle.compile;

import java.util.List;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Program;

/** Which loops can be written with the Vector API. */
final class VectorLoops {
  /** Methods above 8,000 bytes are never compiled; leaves of a loop take up to 3,000. */
  static final int MOST_BYTES = 5000;

  private VectorLoops() {}

  /** Whether all equations are 32 bits wide and have a vector form, in as many loops as needed. */
  static boolean fit(Program p, List<Integer> group, Mode mode) {
    return mode == Mode.VECTOR && group.stream().allMatch(i -> fits(p, p.at(i)));
  }

  /** Whether one loop over all of a group stays below the size that C2 compiles. */
  static boolean isCompilable(Program p, List<Integer> group) {
    return group.stream().mapToInt(i -> bytes(p.at(i))).sum() <= MOST_BYTES;
  }

  /** Upper bound of the code an equation takes. */
  static int bytes(Equation e) {
    return switch (e.op()) {
      case CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT -> 60;
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND, XOR, SHL, SHR -> 20;
      case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER -> 20;
      case RECENT, PROPAGATE, TRANSMIT, PAIR -> 20;
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP -> 20;
    };
  }

  private static boolean fits(Program p, Equation e) {
    boolean narrow =
        e.type().dtype() != DType.F64
            && e.args().stream().allMatch(a -> p.at(a).type().dtype() != DType.F64);
    return narrow
        && switch (e.op()) {
          case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, AND, XOR, SHL, SHR -> true;
          case CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE -> true;
          case SELECT -> e.type().dtype() == DType.F32; // a mask of floats chooses among floats
          case FLOOR, CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD ->
              false;
          case RECENT, SCATTER, PROPAGATE, TRANSMIT, PAIR -> false;
          case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP -> false;
        };
  }
}

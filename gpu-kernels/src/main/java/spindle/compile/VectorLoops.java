package spindle.compile;

import java.util.List;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Program;

/** Which loops can be written with the Vector API. */
final class VectorLoops {
  /** More operations than this in one method make C2 give up inlining some of them. */
  private static final int MOST_EQUATIONS = 200;

  private VectorLoops() {}

  /** Whether all equations are 32 bits wide and have a vector form. */
  static boolean fit(Program p, List<Integer> group, Mode mode) {
    return mode == Mode.VECTOR
        && group.size() <= MOST_EQUATIONS
        && group.stream().allMatch(i -> fits(p, p.at(i)));
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
          case FLOOR, CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, PROPAGATE ->
              false;
          case EXP, EXPM1, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP -> false;
        };
  }
}

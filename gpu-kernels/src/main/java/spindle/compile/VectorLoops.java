package spindle.compile;

import java.util.List;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;

/** Which loops can be written with the Vector API. */
final class VectorLoops {
  /** Methods above 8,000 bytes are never compiled; leaves of a loop take up to 3,000. */
  private static final int MOST_COMPILED = 5000;

  /**
   * About as many operations as leave their constants and values in the 32 registers; a longer loop
   * fetches them from memory time and again, and now and then its calls are not inlined.
   */
  private static final int MOST_FAST = 800;

  /** The compilers before JDK 21 lose their way sooner. */
  private static final int MOST_FAST_BEFORE = 550;

  /** What {@link Truncation} takes. */
  private static final int TRUNCATION = 300;

  /** What one operation takes. */
  private static final int OPERATION = 20;

  private VectorLoops() {}

  /** Whether a group is written with vectors, in as many loops as needed. */
  static boolean fit(Program p, List<Integer> group, Mode mode) {
    boolean slow = bytes(p, group) > MOST_FAST || group.stream().anyMatch(i -> takesBits(p.at(i)));
    boolean wanted = mode == Mode.VECTOR || (mode == Mode.LONG && slow);
    return wanted && group.stream().allMatch(i -> fits(p, p.at(i)));
  }

  /** Whether C2 makes no vectors of it before JDK 21: a nanosecond or more for each number. */
  private static boolean takesBits(Equation e) {
    return e.op() == Op.SCALE || e.op() == Op.EXPONENT || e.op() == Op.MANTISSA;
  }

  /** How much code one loop should hold. */
  static int mostBytes() {
    return Jvm.isGoodAtVectors() ? MOST_FAST : MOST_FAST_BEFORE;
  }

  /** About as many operations on vectors as an equation takes. */
  static int operations(Equation e) {
    return bytes(e) / OPERATION;
  }

  /** Whether one loop over all of a group stays below the size that C2 compiles. */
  static boolean isCompilable(Program p, List<Integer> group) {
    return bytes(p, group) <= MOST_COMPILED;
  }

  private static int bytes(Program p, List<Integer> group) {
    return group.stream().mapToInt(i -> bytes(p.at(i))).sum();
  }

  /** Upper bound of the code an equation takes. */
  static int bytes(Equation e) {
    return switch (e.op()) {
      case CAST -> e.type().dtype() == DType.I32 && !Jvm.isGoodAtVectors() ? TRUNCATION : 60;
      case SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT -> 60;
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND, XOR, SHL, SHR ->
          OPERATION;
      case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER ->
          OPERATION;
      case RECENT, PROPAGATE, TRANSMIT, PAIR -> OPERATION;
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP -> OPERATION;
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

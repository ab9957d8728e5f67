package spindle.ir;

/**
 * What each elementwise operation yields, on single elements.
 *
 * <p>All elements travel as doubles. For binary32 the sum, product, quotient and square root of
 * floats, computed in binary64 and rounded, equal the directly rounded ones, because 53 &gt;= 2 *
 * 24 + 2 (Figueroa 1995); an i32 fits exactly.
 */
public final class Meaning {
  private Meaning() {}

  /**
   * Applies an operation that {@link Lower} leaves standing.
   *
   * @param operand element type of the first operand
   * @param result element type of the result
   */
  public static double apply(Op op, DType operand, DType result, double[] x) {
    return switch (operand) {
      case F32, F64 -> round(result, real(op, operand, result, x));
      case I32 -> integer(op, result, x);
      case EVENTS -> throw new IllegalArgumentException(op + " does not take events");
    };
  }

  /** Rounds to an element type: to the nearest float, or towards 0 to an integer. */
  public static double round(DType dtype, double x) {
    return switch (dtype) {
      case F32 -> (float) x;
      case F64 -> x;
      case I32 -> (int) x;
      case EVENTS -> throw new IllegalArgumentException("events are no numbers");
    };
  }

  private static double real(Op op, DType operand, DType result, double[] x) {
    return switch (op) {
      case ADD -> x[0] + x[1];
      case SUB -> x[0] - x[1];
      case MUL -> x[0] * x[1];
      case DIV -> x[0] / x[1];
      case FMA ->
          operand == DType.F32
              ? Math.fma((float) x[0], (float) x[1], (float) x[2])
              : Math.fma(x[0], x[1], x[2]);
      case NEG -> -x[0];
      case ABS -> Math.abs(x[0]);
      case SQRT -> Math.sqrt(x[0]);
      case MIN -> Math.min(x[0], x[1]);
      case MAX -> Math.max(x[0], x[1]);
      case FLOOR -> Math.floor(x[0]);
      case CAST -> result == DType.I32 ? (int) x[0] : x[0];
      case SCALE -> x[0] * power(operand, (int) Math.rint(x[1]));
      case EXPONENT ->
          operand == DType.F32 ? Math.getExponent((float) x[0]) : Math.getExponent(x[0]);
      case MANTISSA -> mantissa(operand, x[0]);
      case HEAVISIDE -> Double.isNaN(x[0]) ? Double.NaN : x[0] >= 0 ? 1 : 0;
      case SELECT -> x[0] != 0 ? x[1] : x[2];
      case AND, XOR, SHL, SHR, EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
          throw undefined(op, operand);
      case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER ->
          throw undefined(op, operand);
      case RECENT, PROPAGATE, TRANSMIT, PAIR -> throw undefined(op, operand);
    };
  }

  private static double integer(Op op, DType result, double[] x) {
    int a = (int) x[0];
    int b = x.length > 1 ? (int) x[1] : 0;
    return switch (op) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case NEG -> -a;
      case ABS -> Math.abs(a);
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
      case AND -> a & b;
      case XOR -> a ^ b;
      case SHL -> a << b;
      case SHR -> a >>> b;
      case CAST -> round(result, a);
      case DIV,
          FMA,
          SQRT,
          FLOOR,
          SCALE,
          EXPONENT,
          MANTISSA,
          HEAVISIDE,
          SELECT,
          EXP,
          EXPM1,
          EXPREL,
          LOG ->
          throw undefined(op, DType.I32);
      case TANH, SIN, COS, UNIFORM, PROXY, STOP -> throw undefined(op, DType.I32);
      case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER ->
          throw undefined(op, DType.I32);
      case RECENT, PROPAGATE, TRANSMIT, PAIR -> throw undefined(op, DType.I32);
    };
  }

  private static double power(DType dtype, int k) {
    int most = dtype == DType.F32 ? Float.MAX_EXPONENT : Double.MAX_EXPONENT;
    return k <= -most ? 0 : Math.scalb(1d, Math.min(k, most));
  }

  private static double mantissa(DType dtype, double x) {
    if (dtype == DType.F32) {
      return Float.intBitsToFloat((Float.floatToRawIntBits((float) x) & 0x807fffff) | 0x3f800000);
    }
    long bits = Double.doubleToRawLongBits(x);
    return Double.longBitsToDouble((bits & 0x800fffffffffffffL) | 0x3ff0000000000000L);
  }

  private static IllegalArgumentException undefined(Op op, DType dtype) {
    return new IllegalArgumentException(op + " has no meaning on " + dtype);
  }
}

package spindle.ir;

/**
 * Everything a step can do.
 *
 * <p>Numbers are IEEE; no operation rounds more than once except those marked (lowered), which
 * {@link Lower} rewrites into the others. A mask is a float that is 0 or 1.
 */
public enum Op {
  /** A scalar constant: {@code value}. */
  CONST(0),
  /** A scalar argument of the program: {@code name}; never baked into compiled code. */
  PARAM(0),
  /** The number of the current step, an i32 scalar. */
  TIME(0),
  /** 0, 1, 2, ... along the vector, i32. */
  INDEX(0),
  /** The value of variable {@code name}; for events, as it was {@code value} steps ago. */
  LOAD(0),

  ADD(2),
  SUB(2),
  MUL(2),
  DIV(2),
  /** a * b + c rounded once. */
  FMA(3),
  NEG(1),
  ABS(1),
  SQRT(1),
  /** As Java's {@code Math.min}: NaN propagates, -0 is below 0. */
  MIN(2),
  /** As Java's {@code Math.max}. */
  MAX(2),
  FLOOR(1),

  /** Bitwise and of i32. */
  AND(2),
  /** Bitwise exclusive or of i32. */
  XOR(2),
  /** Shift left of i32 by a constant. */
  SHL(2),
  /** Logical shift right of i32 by a constant. */
  SHR(2),

  /** Conversion to the result's element type; float to i32 truncates and saturates, NaN gives 0. */
  CAST(1),
  /** x * 2^k with k clamped to the normal range, one rounding. */
  SCALE(2),
  /** The unbiased exponent of a normal float, i32. */
  EXPONENT(1),
  /** The significand of a normal float in [1, 2), sign kept. */
  MANTISSA(1),

  /** Mask of x >= 0; NaN gives NaN. */
  HEAVISIDE(1),
  /** b where mask a is not 0, else c. */
  SELECT(3),

  /** (lowered) natural exponential. */
  EXP(1),
  /** (lowered) exp(x) - 1 without cancellation. */
  EXPM1(1),
  /** (lowered) natural logarithm. */
  LOG(1),
  /** (lowered) hyperbolic tangent. */
  TANH(1),
  /** (lowered) sine, |x| <= 1e4. */
  SIN(1),
  /** (lowered) cosine, |x| <= 1e4. */
  COS(1),
  /** (lowered) uniform deviate in (0, 1] for two i32 keys and an i32 counter. */
  UNIFORM(3),

  /** The value of a with the gradient of b. */
  PROXY(2),
  /** The value of a with no gradient. */
  STOP(1),

  /** The vector's element a[b]. */
  GATHER(2),
  /** Sum of a vector in index order, left to right. */
  SUM(1),
  /** The events of a range that begins at {@code value}, renumbered from 0. */
  SLICE(1),
  /** The indices where a mask is not 0, ascending. */
  COLLECT(1),
  /**
   * For events a through the rows {@code name}: per target the number of arriving spikes, or the
   * sum of the rows' own weights in ascending order of source.
   */
  PROPAGATE(1);

  private final int arity;

  Op(int arity) {
    this.arity = arity;
  }

  /** Number of operands. */
  public int arity() {
    return arity;
  }

  /** Whether {@link Lower} replaces this operation. */
  public boolean isLowered() {
    return switch (this) {
      case EXP, EXPM1, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP -> true;
      case CONST,
          PARAM,
          TIME,
          INDEX,
          LOAD,
          ADD,
          SUB,
          MUL,
          DIV,
          FMA,
          NEG,
          ABS,
          SQRT,
          MIN,
          MAX,
          FLOOR,
          AND,
          XOR,
          SHL,
          SHR,
          CAST,
          SCALE,
          EXPONENT,
          MANTISSA,
          HEAVISIDE,
          SELECT,
          GATHER,
          SUM,
          SLICE,
          COLLECT,
          PROPAGATE ->
          false;
    };
  }

  /** Whether the result at index i depends on operands at index i alone. */
  public boolean isElementwise() {
    return switch (this) {
      case ADD,
          SUB,
          MUL,
          DIV,
          FMA,
          NEG,
          ABS,
          SQRT,
          MIN,
          MAX,
          FLOOR,
          AND,
          XOR,
          SHL,
          SHR,
          CAST,
          SCALE,
          EXPONENT,
          MANTISSA,
          HEAVISIDE,
          SELECT,
          EXP,
          EXPM1,
          LOG,
          TANH,
          SIN,
          COS,
          UNIFORM,
          PROXY,
          STOP ->
          true;
      case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, PROPAGATE -> false;
    };
  }
}

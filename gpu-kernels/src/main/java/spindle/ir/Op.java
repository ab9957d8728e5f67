package spindle.ir;

/**
 * Everything a step can do.
 *
 * <p>Numbers are IEEE; no operation rounds more than once except those marked (lowered), which
 * {@link Lower} rewrites into the others. A mask is a float that is 0 or 1.
 */
public enum Op {
  /** A scalar constant: {@code value}. */
  CONST(0, Kind.LEAF),
  /** A scalar argument of the program: {@code name}; never baked into compiled code. */
  PARAM(0, Kind.LEAF),
  /** The number of the current step, an i32 scalar. */
  TIME(0, Kind.LEAF),
  /** 0, 1, 2, ... along the vector, i32. */
  INDEX(0, Kind.LEAF),
  /** The value of variable {@code name}; for events, as it was {@code value} steps ago. */
  LOAD(0, Kind.LEAF),

  ADD(2, Kind.ELEMENTWISE),
  SUB(2, Kind.ELEMENTWISE),
  MUL(2, Kind.ELEMENTWISE),
  DIV(2, Kind.ELEMENTWISE),
  /** a * b + c rounded once. */
  FMA(3, Kind.ELEMENTWISE),
  NEG(1, Kind.ELEMENTWISE),
  ABS(1, Kind.ELEMENTWISE),
  SQRT(1, Kind.ELEMENTWISE),
  /** As Java's {@code Math.min}: NaN propagates, -0 is below 0. */
  MIN(2, Kind.ELEMENTWISE),
  /** As Java's {@code Math.max}. */
  MAX(2, Kind.ELEMENTWISE),
  FLOOR(1, Kind.ELEMENTWISE),

  /** Bitwise and of i32. */
  AND(2, Kind.ELEMENTWISE),
  /** Bitwise exclusive or of i32. */
  XOR(2, Kind.ELEMENTWISE),
  /** Shift left of i32 by a constant. */
  SHL(2, Kind.ELEMENTWISE),
  /** Logical shift right of i32 by a constant. */
  SHR(2, Kind.ELEMENTWISE),

  /** Conversion to the result's element type; float to i32 truncates and saturates, NaN gives 0. */
  CAST(1, Kind.ELEMENTWISE),
  /**
   * x * 2^k for a float k, rounded to an integer and clamped to the exponents of normal numbers and
   * one below, where 2^k counts as 0; one rounding, and a NaN k counts as 0. {@code value} 1
   * promises that k is such an integer.
   */
  SCALE(2, Kind.ELEMENTWISE),
  /** The unbiased exponent of a normal float, i32. */
  EXPONENT(1, Kind.ELEMENTWISE),
  /** The significand of a normal float in [1, 2), sign kept. */
  MANTISSA(1, Kind.ELEMENTWISE),

  /** Mask of x >= 0; NaN gives NaN. */
  HEAVISIDE(1, Kind.ELEMENTWISE),
  /** b where mask a is not 0, else c. */
  SELECT(3, Kind.ELEMENTWISE),

  /** (lowered) natural exponential. */
  EXP(1, Kind.LOWERED),
  /** (lowered) exp(x) - 1 without cancellation. */
  EXPM1(1, Kind.LOWERED),
  /** (lowered) (exp(x) - 1) / x, continued by 1 at 0. */
  EXPREL(1, Kind.LOWERED),
  /** (lowered) natural logarithm. */
  LOG(1, Kind.LOWERED),
  /** (lowered) hyperbolic tangent. */
  TANH(1, Kind.LOWERED),
  /** (lowered) sine, |x| <= 1e4. */
  SIN(1, Kind.LOWERED),
  /** (lowered) cosine, |x| <= 1e4. */
  COS(1, Kind.LOWERED),
  /** (lowered) uniform deviate in (0, 1] for two i32 keys and an i32 counter. */
  UNIFORM(3, Kind.LOWERED),

  /** The value of a with the gradient of b. */
  PROXY(2, Kind.LOWERED),
  /** The value of a with no gradient. */
  STOP(1, Kind.LOWERED),

  /** The vector's element a[b]. */
  GATHER(2, Kind.WHOLE),
  /** Sum of a vector in index order, left to right. */
  SUM(1, Kind.WHOLE),
  /**
   * All events that variable {@code name} remembers, oldest first, of the neurons from {@code
   * value} on: neuron i of n such neurons, d steps ago, is event {@code (history - d) * n + i}.
   */
  RECENT(0, Kind.WHOLE),
  /** The events of a range that begins at {@code value}, renumbered from 0. */
  SLICE(1, Kind.WHOLE),
  /** The indices where a mask, or any float vector, is above 0, ascending. */
  COLLECT(1, Kind.WHOLE),
  /** 1 where an event is, else 0: a mask of the events' neurons. */
  MARK(1, Kind.WHOLE),
  /** The vector at offset {@code value} of a longer one that is 0 elsewhere. */
  PAD(1, Kind.WHOLE),
  /** The transpose of GATHER: elements of a added at the places b, in order. */
  SCATTER(2, Kind.WHOLE),
  /**
   * The product of a with the rows {@code name}: per target, in ascending order of source, the sum
   * of weight times source. Each product is added in one rounding; the result has no -0.
   *
   * <p>Sources are presynaptic and targets postsynaptic neurons, or the other way round where
   * {@code value} is 1. Where rows have delays, a presynaptic neuron is there once per step, as
   * {@link Rows#sources} says. Events count as 1; a source that is 0 contributes nothing. A vector
   * of B elements per source, neuron by neuron, is a batch and yields B elements per target;
   * batches do not mix.
   */
  PROPAGATE(1, Kind.WHOLE),
  /**
   * PROPAGATE with element s of b as the weight of synapse s. Synapses are numbered as compressed
   * sparse rows store them: by presynaptic neuron (with delays: by source), then by postsynaptic
   * neuron.
   */
  TRANSMIT(2, Kind.WHOLE),
  /**
   * The derivative of TRANSMIT by its weights: per synapse of the rows {@code name}, a at the
   * presynaptic times b at the postsynaptic neuron, summed over the batch in order.
   */
  PAIR(2, Kind.WHOLE);

  private final int arity;
  private final Kind kind;

  Op(int arity, Kind kind) {
    this.arity = arity;
    this.kind = kind;
  }

  private enum Kind {
    /** Has no operand. */
    LEAF,
    /** Element i of the result depends on elements i of the operands alone. */
    ELEMENTWISE,
    /** Elementwise, and replaced by {@link Lower}. */
    LOWERED,
    /** Reads or yields more than the element at hand. */
    WHOLE
  }

  /** Number of operands. */
  public int arity() {
    return arity;
  }

  /** Whether {@link Lower} replaces this operation. */
  public boolean isLowered() {
    return kind == Kind.LOWERED;
  }

  /** Whether the result at index i depends on operands at index i alone. */
  public boolean isElementwise() {
    return kind == Kind.ELEMENTWISE || kind == Kind.LOWERED;
  }

  /** Whether it needs or yields more than the element at hand. */
  public boolean isWhole() {
    return kind == Kind.WHOLE;
  }
}

package spindle.ir;

import java.util.Objects;

/** A value of a program being traced; arithmetic on it writes equations. */
public final class Expr {
  private final Trace trace;
  private final int place;
  private final Type type;

  Expr(Trace trace, int place, Type type) {
    this.trace = Objects.requireNonNull(trace);
    this.place = place;
    this.type = type;
  }

  /** Type of the value. */
  public Type type() {
    return type;
  }

  /** Number of the equation that computes it. */
  public int place() {
    return place;
  }

  /** Where it is being written. */
  public Trace trace() {
    return trace;
  }

  /** Whether it is the scalar constant {@code value}. */
  public boolean isConstant(double value) {
    return trace.isConstant(this, value);
  }

  /** this + b. */
  public Expr plus(Expr b) {
    return trace.apply(Op.ADD, this, b);
  }

  /** this + b. */
  public Expr plus(double b) {
    return plus(like(b));
  }

  /** this - b. */
  public Expr minus(Expr b) {
    return trace.apply(Op.SUB, this, b);
  }

  /** this - b. */
  public Expr minus(double b) {
    return minus(like(b));
  }

  /** a - this. */
  public Expr from(double a) {
    return like(a).minus(this);
  }

  /** this * b. */
  public Expr times(Expr b) {
    return trace.apply(Op.MUL, this, b);
  }

  /** this * b. */
  public Expr times(double b) {
    return times(like(b));
  }

  /** this / b. */
  public Expr over(Expr b) {
    return trace.apply(Op.DIV, this, b);
  }

  /** this / b. */
  public Expr over(double b) {
    return over(like(b));
  }

  /** this * b + c, rounded once. */
  public Expr fma(Expr b, Expr c) {
    return trace.apply(Op.FMA, this, b, c);
  }

  /** -this. */
  public Expr negated() {
    return trace.apply(Op.NEG, this);
  }

  /** The smaller of this and b. */
  public Expr min(Expr b) {
    return trace.apply(Op.MIN, this, b);
  }

  /** The smaller of this and b. */
  public Expr min(double b) {
    return min(like(b));
  }

  /** The larger of this and b. */
  public Expr max(Expr b) {
    return trace.apply(Op.MAX, this, b);
  }

  /** The larger of this and b. */
  public Expr max(double b) {
    return max(like(b));
  }

  /** Any other unary operation. */
  public Expr apply(Op op) {
    return trace.apply(op, this);
  }

  /** Any other binary operation. */
  public Expr apply(Op op, Expr b) {
    return trace.apply(op, this, b);
  }

  /** e to the power of this. */
  public Expr exp() {
    return trace.apply(Op.EXP, this);
  }

  /** Natural logarithm. */
  public Expr log() {
    return trace.apply(Op.LOG, this);
  }

  /** Square root. */
  public Expr sqrt() {
    return trace.apply(Op.SQRT, this);
  }

  /** Mask of this >= 0. */
  public Expr heaviside() {
    return trace.apply(Op.HEAVISIDE, this);
  }

  /** Mask of this >= b. */
  public Expr atLeast(Expr b) {
    return minus(b).heaviside();
  }

  /**
   * For a mask: a where it is 1, else b, as {@code m * a + (1 - m) * b}.
   *
   * <p>Exact for finite a and b, and made of operations that every compiler vectorises, which a
   * select is not on the JVM.
   */
  public Expr blend(Expr a, Expr b) {
    return times(a).plus(from(1).times(b));
  }

  /** For a mask: a where it is not 0, else b, for values that may not be finite. */
  public Expr select(Expr a, Expr b) {
    return trace.apply(Op.SELECT, this, a, b);
  }

  /**
   * this * 2^k where k is known to be an integer among the exponents of normal numbers, or one
   * below.
   */
  Expr scaled(Expr k) {
    return trace.scaled(this, k);
  }

  /** The value converted to another element type. */
  public Expr as(DType dtype) {
    return type.dtype() == dtype ? this : trace.convert(this, dtype);
  }

  /** A constant of this value's element type. */
  public Expr like(double constant) {
    return trace.constant(type.dtype(), constant);
  }

  @Override
  public String toString() {
    return "%" + place + ": " + type;
  }
}

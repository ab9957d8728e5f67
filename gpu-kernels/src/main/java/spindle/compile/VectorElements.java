package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static spindle.compile.VectorCalls.API;
import static spindle.compile.VectorCalls.MASK;
import static spindle.compile.VectorCalls.SHORTS;
import static spindle.compile.VectorCalls.SPECIES;
import static spindle.compile.VectorCalls.VECTOR;
import static spindle.compile.VectorCalls.element;
import static spindle.compile.VectorCalls.self;

import java.util.List;
import org.objectweb.asm.MethodVisitor;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;

/**
 * Writes equations as operations on whole vectors of the preferred width, each value in a local
 * variable. The names of the Vector API stand in strings, so that the module is needed only where
 * it is used.
 */
final class VectorElements {
  /** A number whose ulp is 1. */
  private static final float ROUNDING = 0x1.8p23f;

  private final MethodVisitor m;
  private final List<Equation> equations;
  private final int[] locals;
  private final VectorCalls calls;

  VectorElements(MethodVisitor m, List<Equation> equations, int[] locals) {
    this.m = m;
    this.equations = equations;
    this.locals = locals;
    this.calls = new VectorCalls(m);
  }

  /** Spreads the element on the stack over a vector. */
  void broadcast(int place) {
    DType dtype = equations.get(place).type().dtype();
    calls.species(dtype);
    m.visitInsn(org.objectweb.asm.Opcodes.SWAP);
    calls.invokeStatic(dtype, "broadcast", "(" + SPECIES + element(dtype) + ")" + self(dtype));
    pop(place);
  }

  /** Pushes an element that is a constant. */
  void pushConstant(DType dtype, double value) {
    m.visitLdcInsn(dtype == DType.F32 ? (Object) (float) value : (Object) (int) value);
  }

  /** Pushes the number of lanes. */
  void pushLength() {
    calls.species(DType.F32);
    m.visitMethodInsn(INVOKEINTERFACE, API + "VectorSpecies", "length", "()I", true);
  }

  /** Reads a vector from an array. */
  void load(int place, int array, int index) {
    DType dtype = equations.get(place).type().dtype();
    calls.species(dtype);
    m.visitVarInsn(ALOAD, array);
    m.visitVarInsn(ILOAD, index);
    calls.invokeStatic(
        dtype, "fromArray", "(" + SPECIES + "[" + element(dtype) + "I)" + self(dtype));
    pop(place);
  }

  /** Reads a vector of floats from an array of shorts. */
  void loadShorts(int place, int array, int index) {
    shorts();
    m.visitVarInsn(ALOAD, array);
    m.visitVarInsn(ILOAD, index);
    String read = "(" + SPECIES + "[SI)L" + SHORTS + ";";
    m.visitMethodInsn(INVOKESTATIC, SHORTS, "fromArray", read, false);
    calls.convert("S2F", DType.F32);
    pop(place);
  }

  /** Writes zeros to an array of shorts. */
  void clearShorts(int array, int index) {
    shorts();
    m.visitMethodInsn(INVOKESTATIC, SHORTS, "zero", "(" + SPECIES + ")L" + SHORTS + ";", false);
    m.visitVarInsn(ALOAD, array);
    m.visitVarInsn(ILOAD, index);
    m.visitMethodInsn(INVOKEVIRTUAL, SHORTS, "intoArray", "([SI)V", false);
  }

  /** As many shorts as a vector has floats. */
  private void shorts() {
    m.visitFieldInsn(GETSTATIC, SHORTS, "SPECIES_" + Jvm.lanes() * Short.SIZE, SPECIES);
  }

  /** Writes a vector to an array. */
  void store(int place, int array, int index) {
    DType dtype = equations.get(place).type().dtype();
    push(place);
    m.visitVarInsn(ALOAD, array);
    m.visitVarInsn(ILOAD, index);
    calls.invoke(dtype, "intoArray", "([" + element(dtype) + "I)V");
  }

  /** Writes zeros to an array. */
  void clear(DType dtype, int array, int index) {
    calls.species(dtype);
    calls.invokeStatic(dtype, "zero", "(" + SPECIES + ")" + self(dtype));
    m.visitVarInsn(ALOAD, array);
    m.visitVarInsn(ILOAD, index);
    calls.invoke(dtype, "intoArray", "([" + element(dtype) + "I)V");
  }

  /** The indices of the lanes: the loop's index plus 0, 1, 2, ... */
  void index(int place, int index) {
    calls.species(DType.I32);
    m.visitVarInsn(ILOAD, index);
    calls.invokeStatic(DType.I32, "broadcast", "(" + SPECIES + "I)" + self(DType.I32));
    m.visitInsn(org.objectweb.asm.Opcodes.ICONST_1);
    calls.invoke(DType.I32, "addIndex", "(I)" + self(DType.I32));
    pop(place);
  }

  /** Pushes the lanes of a mask that are above 0 as bits of a long. */
  void pushMaskBits(int place) {
    Equation e = equations.get(place);
    boolean step = e.op() == Op.HEAVISIDE; // above 0 where its operand is not below, nor NaN
    push(step ? e.args().get(0) : place);
    calls.compare(step ? "GE" : "GT", 0);
    m.visitMethodInsn(INVOKEVIRTUAL, API + "VectorMask", "toLong", "()J", false);
  }

  /** Computes an equation into its local variable. */
  void compute(int place) {
    Equation e = equations.get(place);
    DType dtype = equations.get(e.args().get(0)).type().dtype();
    switch (e.op()) {
      case ADD -> add(e, dtype);
      case SUB -> binary(e, dtype, "sub");
      case MUL -> binary(e, dtype, "mul");
      case DIV -> binary(e, dtype, "div");
      case MIN -> bounded(e, dtype, "min");
      case MAX -> bounded(e, dtype, "max");
      case NEG -> unary(e, dtype, "neg");
      case ABS -> unary(e, dtype, "abs");
      case SQRT -> unary(e, dtype, "sqrt");
      case FMA -> {
        e.args().forEach(this::push);
        calls.invoke(dtype, "fma", "(" + VECTOR + VECTOR + ")" + self(dtype));
      }
      case AND -> lanewise(e, "AND");
      case XOR -> lanewise(e, "XOR");
      case SHL -> shift(e, "LSHL");
      case SHR -> shift(e, "LSHR");
      case CAST -> cast(e, dtype, place);
      case SCALE -> scale(e, place);
      case EXPONENT -> exponent(e);
      case MANTISSA -> mantissa(e);
      case HEAVISIDE -> heaviside(e);
      case SELECT -> select(e);
      case FLOOR, CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD ->
          throw new IllegalStateException(e + " has no vector form");
      case RECENT, SCATTER, PROPAGATE, TRANSMIT, PAIR ->
          throw new IllegalStateException(e + " has no vector form");
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
          throw new IllegalStateException(e + " was not lowered");
    }
    pop(place);
  }

  private void push(int place) {
    m.visitVarInsn(ALOAD, locals[place]);
  }

  private void pop(int place) {
    m.visitVarInsn(ASTORE, locals[place]);
  }

  private void unary(Equation e, DType dtype, String name) {
    push(e.args().get(0));
    calls.invoke(dtype, name, "()" + self(dtype));
  }

  private void binary(Equation e, DType dtype, String name) {
    e.args().forEach(this::push);
    calls.invoke(dtype, name, "(" + VECTOR + ")" + self(dtype));
  }

  /**
   * A sum; with a product by a step function, which is exact, in one operation that rounds as one.
   * The product itself is then dead, if nothing else reads it.
   */
  private void add(Equation e, DType dtype) {
    for (int a = 0; a < 2; a++) {
      Equation product = equations.get(e.args().get(a));
      boolean exact =
          product.op() == Op.MUL
              && product.args().stream().anyMatch(x -> equations.get(x).op() == Op.HEAVISIDE);
      if (exact) {
        product.args().forEach(this::push);
        push(e.args().get(1 - a));
        calls.invoke(dtype, "fma", "(" + VECTOR + VECTOR + ")" + self(dtype));
        return;
      }
    }
    binary(e, dtype, "add");
  }

  /**
   * The smaller or larger of two values. Against a constant that is a comparison and a blend; what
   * Java demands of NaN and signed zeros in general takes three times as many instructions.
   */
  private void bounded(Equation e, DType dtype, String name) {
    Equation bound = equations.get(e.args().get(1));
    if (dtype != DType.F32 || bound.op() != Op.CONST || Double.isNaN(bound.value())) {
      binary(e, dtype, name);
      return;
    }
    bounded(e.args().get(0), name, (float) bound.value());
  }

  private void bounded(int x, String name, float c) {
    boolean negative = Float.floatToRawIntBits(c) < 0;
    push(x);
    m.visitLdcInsn(c);
    push(x);
    // A tie decides nothing but the sign of zero: min prefers -0, max prefers 0.
    if (name.equals("min")) {
      calls.compare(negative ? "GE" : "GT", c);
    } else {
      calls.compare(negative ? "LT" : "LE", c);
    }
    calls.invoke(DType.F32, "blend", "(F" + MASK + ")" + self(DType.F32));
  }

  private void lanewise(Equation e, String op) {
    e.args().forEach(this::push);
    calls.lanewise(op, "Associative");
  }

  private void shift(Equation e, String op) {
    push(e.args().get(0));
    calls.shift(op, (int) equations.get(e.args().get(1)).value());
  }

  private void cast(Equation e, DType from, int place) {
    DType to = e.type().dtype();
    push(e.args().get(0));
    if (from == to) {
      return;
    }
    if (to == DType.I32 && !Jvm.isGoodAtVectors()) {
      new Truncation(m, calls, locals[place]).write();
      return;
    }
    calls.convert(from == DType.I32 ? "I2F" : "F2I", to);
  }

  private void scale(Equation e, int place) {
    if (e.value() == 1 && power(e.args().get(1))) {
      times(e.args().get(0));
      return;
    }
    if (e.value() == 0) {
      bounded(e.args().get(1), "max", -127);
      pop(place); // the result's own variable is free until then
      bounded(place, "min", 127);
    } else {
      push(e.args().get(1));
    }
    // A number whose ulp is 1 leaves k in the lowest bits.
    m.visitLdcInsn(ROUNDING);
    calls.invoke(DType.F32, "add", "(F)" + self(DType.F32));
    calls.asInts();
    calls.shift("LSHL", 23);
    calls.with("add", 0x3f800000);
    calls.asFloats();
    times(e.args().get(0));
  }

  /**
   * Pushes 2^k where k was rounded by adding and taking off a number whose ulp is 1: the sum has k
   * in its lowest bits already.
   */
  private boolean power(int k) {
    int offset = 0;
    Equation e = equations.get(k);
    while (e.op() == Op.SUB && equations.get(e.args().get(1)).op() == Op.CONST) {
      double taken = equations.get(e.args().get(1)).value();
      int from = e.args().get(0);
      if (taken == ROUNDING) {
        push(from);
        calls.asInts();
        calls.shift("LSHL", 23);
        calls.with("add", Float.floatToRawIntBits(1) - (offset << 23));
        calls.asFloats();
        return true;
      }
      offset += (int) taken;
      e = equations.get(from);
    }
    return false;
  }

  private void times(int x) {
    Equation e = equations.get(x);
    if (e.op() != Op.CONST || e.value() != 1) {
      push(x);
      calls.invoke(DType.F32, "mul", "(" + VECTOR + ")" + self(DType.F32));
    }
  }

  private void exponent(Equation e) {
    push(e.args().get(0));
    calls.asInts();
    calls.shift("LSHR", 23);
    calls.bits("AND", 0xff);
    calls.with("sub", 127);
  }

  private void mantissa(Equation e) {
    push(e.args().get(0));
    calls.asInts();
    calls.bits("AND", 0x807fffff);
    calls.bits("OR", 0x3f800000);
    calls.asFloats();
  }

  /** 0 where x < 0, 1 where x >= 0, and x where it is NaN. */
  private void heaviside(Equation e) {
    int x = e.args().get(0);
    push(x);
    m.visitInsn(org.objectweb.asm.Opcodes.FCONST_0);
    push(x);
    calls.compare("LT", 0);
    calls.invoke(DType.F32, "blend", "(F" + MASK + ")" + self(DType.F32));
    m.visitInsn(org.objectweb.asm.Opcodes.FCONST_1);
    push(x);
    calls.compare("GE", 0);
    calls.invoke(DType.F32, "blend", "(F" + MASK + ")" + self(DType.F32));
  }

  private void select(Equation e) {
    DType dtype = e.type().dtype();
    push(e.args().get(2));
    push(e.args().get(1));
    push(e.args().get(0));
    calls.compare("NE", 0);
    calls.invoke(dtype, "blend", "(" + VECTOR + MASK + ")" + self(dtype));
  }
}

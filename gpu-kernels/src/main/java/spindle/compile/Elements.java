package spindle.compile;

import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IAND;
import static org.objectweb.asm.Opcodes.IDIV;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.INEG;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.ISHL;
import static org.objectweb.asm.Opcodes.ISUB;
import static org.objectweb.asm.Opcodes.IUSHR;
import static org.objectweb.asm.Opcodes.IXOR;

import java.util.List;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import spindle.ir.DType;
import spindle.ir.Equation;

/**
 * Writes single elements of equations as JVM instructions, each value in a local variable of its
 * own.
 */
final class Elements {
  private final MethodVisitor m;
  private final List<Equation> equations;
  private final int[] locals;

  /**
   * @param locals local variable of each equation; those of constants are not used
   */
  Elements(MethodVisitor m, List<Equation> equations, int[] locals) {
    this.m = m;
    this.equations = equations;
    this.locals = locals;
  }

  /** The JVM type of an element. */
  static Type jvm(DType dtype) {
    return switch (dtype) {
      case F32 -> Type.FLOAT_TYPE;
      case F64 -> Type.DOUBLE_TYPE;
      case I32 -> Type.INT_TYPE;
      case EVENTS -> throw new IllegalArgumentException("events are no elements");
    };
  }

  /** Pushes the value of an equation. */
  void push(int place) {
    Equation e = equations.get(place);
    if (e.op() == spindle.ir.Op.CONST) {
      constant(e.type().dtype(), e.value());
    } else {
      m.visitVarInsn(jvm(e.type().dtype()).getOpcode(Opcodes.ILOAD), locals[place]);
    }
  }

  /** Pops the value of an equation into its local variable. */
  void pop(int place) {
    DType dtype = equations.get(place).type().dtype();
    m.visitVarInsn(jvm(dtype).getOpcode(Opcodes.ISTORE), locals[place]);
  }

  /** Pushes a constant. */
  void constant(DType dtype, double value) {
    switch (dtype) {
      case F32 -> m.visitLdcInsn((float) value);
      case F64 -> m.visitLdcInsn(value);
      case I32 -> m.visitLdcInsn((int) value);
      case EVENTS -> throw new IllegalArgumentException("no constant events");
    }
  }

  /** Computes an equation into its local variable. */
  void compute(int place) {
    Equation e = equations.get(place);
    Type type = jvm(equations.get(e.args().get(0)).type().dtype());
    switch (e.op()) {
      case ADD -> simple(e, type.getOpcode(IADD));
      case SUB -> simple(e, type.getOpcode(ISUB));
      case MUL -> simple(e, type.getOpcode(IMUL));
      case DIV -> simple(e, type.getOpcode(IDIV));
      case NEG -> simple(e, type.getOpcode(INEG));
      case AND -> simple(e, IAND);
      case XOR -> simple(e, IXOR);
      case SHL -> simple(e, ISHL);
      case SHR -> simple(e, IUSHR);
      case FMA -> math(e, "fma", type, 3);
      case ABS -> math(e, "abs", type, 1);
      case MIN -> math(e, "min", type, 2);
      case MAX -> math(e, "max", type, 2);
      case SQRT -> throughDouble(e, "sqrt", type);
      case FLOOR -> throughDouble(e, "floor", type);
      case CAST -> {
        push(e.args().get(0));
        cast(type, jvm(e.type().dtype()));
      }
      case SCALE -> scale(e, type);
      case EXPONENT -> {
        push(e.args().get(0));
        invoke("java/lang/Math", "getExponent", Type.INT_TYPE, type);
      }
      case MANTISSA -> mantissa(e, type);
      case HEAVISIDE -> heaviside(e, type);
      case SELECT -> select(e, type);
      case CONST, PARAM, TIME, INDEX, LOAD, GATHER, SUM, SLICE, COLLECT, MARK, PAD, SCATTER ->
          throw new IllegalStateException(e + " is not computed by element");
      case RECENT, PROPAGATE, TRANSMIT, PAIR ->
          throw new IllegalStateException(e + " is not computed by element");
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
          throw new IllegalStateException(e + " was not lowered");
    }
    pop(place);
  }

  private void simple(Equation e, int opcode) {
    e.args().forEach(this::push);
    m.visitInsn(opcode);
  }

  private void math(Equation e, String name, Type type, int arity) {
    e.args().forEach(this::push);
    var args = new Type[arity];
    java.util.Arrays.fill(args, type);
    invoke("java/lang/Math", name, type, args);
  }

  private void throughDouble(Equation e, String name, Type type) {
    push(e.args().get(0));
    cast(type, Type.DOUBLE_TYPE);
    invoke("java/lang/Math", name, Type.DOUBLE_TYPE, Type.DOUBLE_TYPE);
    cast(Type.DOUBLE_TYPE, type);
  }

  private void cast(Type from, Type to) {
    if (from.equals(to)) {
      return;
    }
    String pair = from.getDescriptor() + to.getDescriptor();
    m.visitInsn(
        switch (pair) {
          case "FD" -> Opcodes.F2D;
          case "FI" -> Opcodes.F2I;
          case "DF" -> Opcodes.D2F;
          case "DI" -> Opcodes.D2I;
          case "IF" -> Opcodes.I2F;
          case "ID" -> Opcodes.I2D;
          default -> throw new IllegalStateException("no cast " + pair);
        });
  }

  /** x * 2^k, the power made from its bits. */
  private void scale(Equation e, Type type) {
    boolean f32 = type.equals(Type.FLOAT_TYPE);
    push(e.args().get(0));
    push(e.args().get(1));
    DType dtype = equations.get(e.args().get(1)).type().dtype();
    if (e.value() == 0) {
      constant(dtype, f32 ? -127 : -1023);
      invoke("java/lang/Math", "max", type, type, type);
      constant(dtype, f32 ? 127 : 1023);
      invoke("java/lang/Math", "min", type, type, type);
    }
    // A number whose ulp is 1 leaves k in the lowest bits.
    constant(dtype, f32 ? 0x1.8p23 : 0x1.8p52);
    m.visitInsn(type.getOpcode(IADD));
    if (f32) {
      invoke("java/lang/Float", "floatToRawIntBits", Type.INT_TYPE, type);
      m.visitLdcInsn(23);
      m.visitInsn(ISHL);
      m.visitLdcInsn(0x3f800000);
      m.visitInsn(IADD);
      invoke("java/lang/Float", "intBitsToFloat", type, Type.INT_TYPE);
    } else {
      invoke("java/lang/Double", "doubleToRawLongBits", Type.LONG_TYPE, type);
      m.visitLdcInsn(52);
      m.visitInsn(Opcodes.LSHL);
      m.visitLdcInsn(0x3ff0000000000000L);
      m.visitInsn(Opcodes.LADD);
      invoke("java/lang/Double", "longBitsToDouble", type, Type.LONG_TYPE);
    }
    m.visitInsn(type.getOpcode(IMUL));
  }

  private void mantissa(Equation e, Type type) {
    push(e.args().get(0));
    if (type.equals(Type.FLOAT_TYPE)) {
      invoke("java/lang/Float", "floatToRawIntBits", Type.INT_TYPE, type);
      m.visitLdcInsn(0x807fffff);
      m.visitInsn(IAND);
      m.visitLdcInsn(0x3f800000);
      m.visitInsn(Opcodes.IOR);
      invoke("java/lang/Float", "intBitsToFloat", type, Type.INT_TYPE);
    } else {
      invoke("java/lang/Double", "doubleToRawLongBits", Type.LONG_TYPE, type);
      m.visitLdcInsn(0x800fffffffffffffL);
      m.visitInsn(Opcodes.LAND);
      m.visitLdcInsn(0x3ff0000000000000L);
      m.visitInsn(Opcodes.LOR);
      invoke("java/lang/Double", "longBitsToDouble", type, Type.LONG_TYPE);
    }
  }

  /**
   * 1 for x >= 0, 0 for x < 0, NaN for NaN, as min(max(x * C * C, -1), 0) + 1.
   *
   * <p>C * C carries the smallest denormal beyond 1, so the bounds are always reached; a comparison
   * would keep C2 from vectorising the loop.
   */
  private void heaviside(Equation e, Type type) {
    DType dtype = equations.get(e.args().get(0)).type().dtype();
    double large = dtype == DType.F32 ? 0x1p127 : 0x1p1023;
    push(e.args().get(0));
    for (int i = 0; i < 2; i++) {
      constant(dtype, large);
      m.visitInsn(type.getOpcode(IMUL));
    }
    constant(dtype, -1);
    invoke("java/lang/Math", "max", type, type, type);
    constant(dtype, 0);
    invoke("java/lang/Math", "min", type, type, type);
    constant(dtype, 1);
    m.visitInsn(type.getOpcode(IADD));
  }

  private void select(Equation e, Type type) {
    var otherwise = new Label();
    var end = new Label();
    push(e.args().get(0));
    constant(equations.get(e.args().get(0)).type().dtype(), 0);
    // A NaN mask counts as set: the comparison yields 1 and the jump is not taken.
    m.visitInsn(type.equals(Type.FLOAT_TYPE) ? Opcodes.FCMPG : Opcodes.DCMPG);
    m.visitJumpInsn(Opcodes.IFEQ, otherwise);
    push(e.args().get(1));
    m.visitJumpInsn(Opcodes.GOTO, end);
    m.visitLabel(otherwise);
    push(e.args().get(2));
    m.visitLabel(end);
  }

  private void invoke(String owner, String name, Type result, Type... args) {
    m.visitMethodInsn(INVOKESTATIC, owner, name, Type.getMethodDescriptor(result, args), false);
  }

  /** Pushes an element as a double, as scalars are kept. */
  void pushAsDouble(int place) {
    push(place);
    cast(jvm(equations.get(place).type().dtype()), Type.DOUBLE_TYPE);
  }

  /** Turns the double on the stack into an element and pops it into a local variable. */
  void popFromDouble(int place) {
    cast(Type.DOUBLE_TYPE, jvm(equations.get(place).type().dtype()));
    pop(place);
  }
}

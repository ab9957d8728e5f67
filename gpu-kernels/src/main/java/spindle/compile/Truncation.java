package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.SWAP;

import org.objectweb.asm.MethodVisitor;
import spindle.ir.DType;

/**
 * Writes {@code (int) x} from shifts of the bits of floats: compilers before JDK 21 make no vector
 * instruction of the conversion and put every vector on the heap instead.
 *
 * @param bits local variable that is free
 */
record Truncation(MethodVisitor m, VectorCalls calls, int bits) {
  private static final int FRACTION = 23;

  /** Exponent, as the bits have it, of numbers whose ulp is 1. */
  private static final int WHOLE = 127 + FRACTION;

  /** Exponent of 2^31. */
  private static final int LARGE = 127 + 31;

  /** Takes the floats on the stack and leaves integers, by the rules of Java. */
  void write() {
    calls.asInts();
    m.visitVarInsn(ASTORE, bits);
    magnitude();
    signed();
    saturated();
    push();
    calls.bits("AND", 0x7fffffff);
    calls.compareInts("GT", Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
    m.visitInsn(ICONST_0);
    m.visitInsn(SWAP);
    calls.blendInts("I"); // no number
  }

  private void push() {
    m.visitVarInsn(ALOAD, bits);
  }

  private void magnitude() {
    push();
    calls.bits("AND", (1 << FRACTION) - 1);
    calls.bits("OR", 1 << FRACTION);
    exponent();
    calls.with("sub", WHOLE);
    calls.invoke(DType.I32, "neg", "()" + VectorCalls.self(DType.I32));
    calls.with("max", 0);
    calls.with("min", Integer.SIZE - 1);
    calls.shift("LSHR");
    exponent();
    calls.with("sub", WHOLE);
    calls.with("max", 0);
    calls.shift("LSHL");
  }

  private void exponent() {
    push();
    calls.shift("LSHR", FRACTION);
    calls.bits("AND", 0xff);
  }

  /** 0 where x is positive, else -1. */
  private void sign() {
    push();
    calls.shift("ASHR", Integer.SIZE - 1);
  }

  private void signed() {
    sign();
    calls.lanewise("XOR", "Associative");
    sign();
    calls.invoke(DType.I32, "sub", "(" + VectorCalls.VECTOR + ")" + VectorCalls.self(DType.I32));
  }

  private void saturated() {
    sign();
    calls.bits("XOR", Integer.MAX_VALUE);
    exponent();
    calls.compareInts("GE", LARGE);
    calls.blendInts(VectorCalls.VECTOR);
  }
}

package spindle.compile;

import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.SWAP;

import org.objectweb.asm.MethodVisitor;
import spindle.ir.DType;

/**
 * Calls of the Vector API on what is on the stack.
 *
 * @param m the kernel method, in which every call stands directly
 */
record VectorCalls(MethodVisitor m) {
  static final String API = "jdk/incubator/vector/";
  static final String FLOATS = API + "FloatVector";
  static final String INTS = API + "IntVector";
  static final String SHORTS = API + "ShortVector";
  static final String VECTOR = "L" + API + "Vector;";
  static final String SPECIES = "L" + API + "VectorSpecies;";
  static final String MASK = "L" + API + "VectorMask;";
  static final String OPS = API + "VectorOperators";

  void convert(String conversion, DType to) {
    m.visitFieldInsn(GETSTATIC, OPS, conversion, "L" + OPS + "$Conversion;");
    species(to);
    m.visitInsn(ICONST_0);
    m.visitMethodInsn(
        INVOKEVIRTUAL,
        API + "Vector",
        "convertShape",
        "(L" + OPS + "$Conversion;" + SPECIES + "I)" + VECTOR,
        false);
    m.visitTypeInsn(CHECKCAST, owner(to));
  }

  void compare(String op, float constant) {
    operator(op, "Comparison");
    m.visitLdcInsn(constant);
    invoke(DType.F32, "compare", "(L" + OPS + "$Comparison;F)" + MASK);
  }

  void compareInts(String op, int constant) {
    operator(op, "Comparison");
    m.visitLdcInsn(constant);
    invoke(DType.I32, "compare", "(L" + OPS + "$Comparison;I)" + MASK);
  }

  /**
   * Takes a vector of integers, what is to replace some of its lanes, and their mask.
   *
   * @param by descriptor of what replaces them, a vector or an integer
   */
  void blendInts(String by) {
    invoke(DType.I32, "blend", "(" + by + MASK + ")" + self(DType.I32));
  }

  /** Adds, takes off and the like a constant. */
  void with(String name, int constant) {
    m.visitLdcInsn(constant);
    invoke(DType.I32, name, "(I)" + self(DType.I32));
  }

  void shift(String op, int bits) {
    lanewise(op, "Binary", bits);
  }

  /** Shifts by the integers on the stack. */
  void shift(String op) {
    lanewise(op, "Binary");
  }

  /** An operation on the two vectors of integers on the stack. */
  void lanewise(String op, String kind) {
    operator(op, kind);
    m.visitInsn(SWAP);
    invoke(DType.I32, "lanewise", "(L" + OPS + "$Binary;" + VECTOR + ")" + self(DType.I32));
  }

  void bits(String op, int constant) {
    lanewise(op, "Associative", constant);
  }

  private void lanewise(String op, String kind, int constant) {
    operator(op, kind);
    m.visitLdcInsn(constant);
    invoke(DType.I32, "lanewise", "(L" + OPS + "$Binary;I)" + self(DType.I32));
  }

  void asInts() {
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "reinterpretAsInts", "()" + self(DType.I32), false);
  }

  void asFloats() {
    m.visitMethodInsn(INVOKEVIRTUAL, INTS, "reinterpretAsFloats", "()" + self(DType.F32), false);
  }

  void operator(String name, String kind) {
    m.visitFieldInsn(GETSTATIC, OPS, name, "L" + OPS + "$" + kind + ";");
  }

  void species(DType dtype) {
    m.visitFieldInsn(GETSTATIC, owner(dtype), "SPECIES_PREFERRED", SPECIES);
  }

  void invoke(DType dtype, String name, String descriptor) {
    m.visitMethodInsn(INVOKEVIRTUAL, owner(dtype), name, descriptor, false);
  }

  void invokeStatic(DType dtype, String name, String descriptor) {
    m.visitMethodInsn(INVOKESTATIC, owner(dtype), name, descriptor, false);
  }

  static String owner(DType dtype) {
    return dtype == DType.F32 ? FLOATS : INTS;
  }

  static String self(DType dtype) {
    return "L" + owner(dtype) + ";";
  }

  static String element(DType dtype) {
    return dtype == DType.F32 ? "F" : "I";
  }
}

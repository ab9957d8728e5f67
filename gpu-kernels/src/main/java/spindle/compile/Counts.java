package spindle.compile;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DADD;
import static org.objectweb.asm.Opcodes.DUP2;
import static org.objectweb.asm.Opcodes.FADD;
import static org.objectweb.asm.Opcodes.I2S;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.SALOAD;
import static org.objectweb.asm.Opcodes.SASTORE;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What numbers are counted in, one count for each; and the code that counts one. */
enum Counts {
  SHORTS("[S"),
  FLOATS("[F"),
  DOUBLES("[D");

  private final String array;

  Counts(String array) {
    this.array = array;
  }

  /** Of an array of counts. */
  static Counts of(Object counts) {
    if (counts instanceof short[]) {
      return SHORTS;
    }
    return counts instanceof float[] ? FLOATS : DOUBLES;
  }

  /** Fetches what a loop counts in, if it counts, into a local variable. */
  static void fetch(MethodVisitor m, Loop loop, Layout layout, int local) {
    if (!loop.tallies().arrays().isEmpty()) {
      m.visitVarInsn(ALOAD, LoopWriter.ARRAYS);
      m.visitLdcInsn(layout.arrays().size());
      m.visitInsn(AALOAD);
      m.visitTypeInsn(CHECKCAST, loop.tallies().type().array);
      m.visitVarInsn(ASTORE, local);
    }
  }

  /**
   * Counts the number that is element {@code index + lane} of an array.
   *
   * @param local of the counts
   * @param numbers local of the array
   * @param index local
   */
  void count(MethodVisitor m, int local, int numbers, int index, int lane) {
    m.visitVarInsn(ALOAD, local);
    m.visitVarInsn(ALOAD, numbers);
    m.visitVarInsn(ILOAD, index);
    m.visitLdcInsn(lane);
    m.visitInsn(IADD);
    m.visitInsn(IALOAD);
    m.visitInsn(DUP2);
    switch (this) {
      case SHORTS -> {
        m.visitInsn(SALOAD);
        m.visitInsn(Opcodes.ICONST_1);
        m.visitInsn(IADD);
        m.visitInsn(I2S);
        m.visitInsn(SASTORE);
      }
      case FLOATS -> {
        m.visitInsn(Opcodes.FALOAD);
        m.visitInsn(Opcodes.FCONST_1);
        m.visitInsn(FADD);
        m.visitInsn(Opcodes.FASTORE);
      }
      case DOUBLES -> {
        m.visitInsn(Opcodes.DALOAD);
        m.visitInsn(Opcodes.DCONST_1);
        m.visitInsn(DADD);
        m.visitInsn(Opcodes.DASTORE);
      }
    }
  }
}

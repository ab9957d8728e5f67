package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.FALOAD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.IFNONNULL;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.RETURN;
import static spindle.compile.VectorCalls.FLOATS;
import static spindle.compile.VectorCalls.SPECIES;
import static spindle.compile.VectorCalls.VECTOR;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Writes a {@link BatchKernel} with the Vector API; each product is added in one rounding. */
final class BatchWriter {
  private static final String SELF = "L" + FLOATS + ";";

  private static final int COLUMNS = 1;
  private static final int FROM = 2;
  private static final int TO = 3;
  private static final int WEIGHTS = 4;
  private static final int FIRST = 5;
  private static final int X = 6;
  private static final int AT = 7;
  private static final int Y = 8;
  private static final int BATCH = 9;
  private static final int MEMBER = 10;
  private static final int HELD = 11;
  private static final int PLACE = 12;

  private final ClassWriter type = HiddenClasses.begin("BatchKernel", BatchKernel.class);
  private MethodVisitor m;

  private BatchWriter() {}

  /** The class file of a {@link BatchKernel}. */
  static byte[] write() {
    var writer = new BatchWriter();
    writer.method("scatter", X, () -> writer.scatter(true), () -> writer.scatter(false));
    writer.method("gather", Y, () -> writer.gather(true), () -> writer.gather(false));
    writer.type.visitEnd();
    return writer.type.toByteArray();
  }

  /** A vector of {@code held} stays in a register while the row goes by. */
  private void method(String name, int held, Runnable weighted, Runnable plain) {
    m = type.visitMethod(Opcodes.ACC_PUBLIC, name, "([III[FI[FI[FII)V", null, null);
    m.visitCode();
    load(held, () -> m.visitVarInsn(ILOAD, AT));
    m.visitVarInsn(ASTORE, HELD);
    var withWeights = new Label();
    var end = new Label();
    m.visitVarInsn(ALOAD, WEIGHTS);
    m.visitJumpInsn(IFNONNULL, withWeights);
    loop(plain);
    m.visitJumpInsn(GOTO, end);
    m.visitLabel(withWeights);
    loop(weighted);
    m.visitLabel(end);
    if (held == Y) {
      m.visitVarInsn(ALOAD, HELD);
      store(() -> m.visitVarInsn(ILOAD, AT));
    }
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private void loop(Runnable body) {
    var head = new Label();
    var done = new Label();
    m.visitLabel(head);
    m.visitVarInsn(ILOAD, FROM);
    m.visitVarInsn(ILOAD, TO);
    m.visitJumpInsn(IF_ICMPGE, done);
    m.visitVarInsn(ALOAD, COLUMNS);
    m.visitVarInsn(ILOAD, FROM);
    m.visitInsn(IALOAD);
    m.visitVarInsn(ILOAD, BATCH);
    m.visitInsn(IMUL);
    m.visitVarInsn(ILOAD, MEMBER);
    m.visitInsn(IADD);
    m.visitVarInsn(Opcodes.ISTORE, PLACE);
    body.run();
    m.visitIincInsn(FROM, 1);
    m.visitIincInsn(FIRST, 1);
    m.visitJumpInsn(GOTO, head);
    m.visitLabel(done);
  }

  private void scatter(boolean weighted) {
    add(weighted, () -> m.visitVarInsn(ALOAD, HELD), () -> load(Y, this::place));
    store(this::place);
  }

  private void gather(boolean weighted) {
    add(weighted, () -> load(X, this::place), () -> m.visitVarInsn(ALOAD, HELD));
    m.visitVarInsn(ASTORE, HELD);
  }

  private void place() {
    m.visitVarInsn(ILOAD, PLACE);
  }

  /** Pushes a sum and what it grows by, and adds. */
  private void add(boolean weighted, Runnable source, Runnable sum) {
    source.run();
    if (!weighted) {
      sum.run();
      m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "add", "(" + VECTOR + ")" + SELF, false);
      return;
    }
    m.visitFieldInsn(Opcodes.GETSTATIC, FLOATS, "SPECIES_PREFERRED", SPECIES);
    m.visitVarInsn(ALOAD, WEIGHTS);
    m.visitVarInsn(ILOAD, FIRST);
    m.visitInsn(FALOAD);
    m.visitMethodInsn(INVOKESTATIC, FLOATS, "broadcast", "(" + SPECIES + "F)" + SELF, false);
    sum.run();
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "fma", "(" + VECTOR + VECTOR + ")" + SELF, false);
  }

  private void load(int array, Runnable index) {
    m.visitFieldInsn(Opcodes.GETSTATIC, FLOATS, "SPECIES_PREFERRED", SPECIES);
    m.visitVarInsn(ALOAD, array);
    index.run();
    m.visitMethodInsn(INVOKESTATIC, FLOATS, "fromArray", "(" + SPECIES + "[FI)" + SELF, false);
  }

  private void store(Runnable index) {
    m.visitVarInsn(ALOAD, Y);
    index.run();
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "intoArray", "([FI)V", false);
  }
}

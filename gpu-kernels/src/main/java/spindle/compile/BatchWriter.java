package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.DUP;
import static org.objectweb.asm.Opcodes.FALOAD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.IFNONNULL;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.ISTORE;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import spindle.compile.FloatCode.Method;
import spindle.compile.FloatCode.Target;

/**
 * Writes a {@link BatchKernel} with the Vector API; each product is added in one rounding. What
 * stands at {@code at} stays in registers while the row goes by.
 */
final class BatchWriter {
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

  private final FloatCode code;
  private final MethodVisitor m;
  private final boolean scatters;
  private final int[] held;
  private final int other;
  private final int place;

  private BatchWriter(BatchKernel.Shape shape) {
    String name = (shape.scatters() ? "Scatter" : "Gather") + shape.vectors();
    code =
        new FloatCode(
            new Method(name, BatchKernel.class, "([III[FI[FI[FII)V", MEMBER), Jvm.lanes());
    m = code.visitor();
    scatters = shape.scatters();
    held = code.locals(shape.vectors());
    other = code.local();
    place = code.local();
  }

  /** The class file of a {@link BatchKernel}. */
  static byte[] write(BatchKernel.Shape shape) {
    return new BatchWriter(shape).write();
  }

  private byte[] write() {
    var target = new Target(scatters ? X : Y, AT, new int[] {-1}, held.length);
    code.begin(held, target, false);
    var weighted = new Label();
    var end = new Label();
    m.visitVarInsn(ALOAD, WEIGHTS);
    m.visitJumpInsn(IFNONNULL, weighted);
    code.loop(FROM, TO, 1, () -> column(false));
    m.visitJumpInsn(GOTO, end);
    m.visitLabel(weighted);
    code.loop(FROM, TO, 1, () -> column(true));
    m.visitLabel(end);
    if (!scatters) {
      code.end(held, target, false);
    }
    return code.finish();
  }

  private void column(boolean weighted) {
    code.element(COLUMNS, FROM, 0, IALOAD);
    m.visitVarInsn(ILOAD, BATCH);
    m.visitInsn(IMUL);
    m.visitVarInsn(ILOAD, MEMBER);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, place);
    if (weighted) {
      code.broadcast(() -> code.element(WEIGHTS, FIRST, 0, FALOAD));
      m.visitIincInsn(FIRST, 1);
    }
    var there = new Target(Y, place, new int[] {-1}, held.length);
    for (int v = 0; v < held.length; v++) {
      if (weighted && v + 1 < held.length) {
        m.visitInsn(DUP);
      }
      code.load(scatters ? Y : X, place, -1, v);
      m.visitVarInsn(ASTORE, other);
      int sum = scatters ? other : held[v];
      int source = scatters ? held[v] : other;
      if (weighted) {
        code.fma(source, sum);
      } else {
        code.plus(source, sum);
      }
      if (scatters) {
        code.store(there, v);
      } else {
        m.visitVarInsn(ASTORE, sum);
      }
    }
  }
}

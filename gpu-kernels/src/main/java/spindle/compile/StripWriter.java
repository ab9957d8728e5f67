package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.FALOAD;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.ISHR;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.ISUB;
import static org.objectweb.asm.Opcodes.IXOR;

import org.objectweb.asm.MethodVisitor;

/** Writes a {@link StripKernel} with the Vector API, every sum in a local variable. */
final class StripWriter {
  // Arguments of StripKernel.run.
  private static final int X = 1;
  private static final int X_AT = 2;
  private static final int W = 3;
  private static final int W_AT = 4;
  private static final int SUMS = 5;
  private static final int SUMS_AT = 6;
  private static final int COUNT = 7;
  private static final int NEXT = 8;
  private static final int APART = 9;

  /**
   * Sources in one round of the loop. A source alone has no room for counting; compilers since JDK
   * 21 put the products of a sum behind each other, which waits, unless a check of bounds stands
   * between the sources, as where each reads ahead.
   */
  private static final int TOGETHER = StripKernel.STREAMS;

  private static final int VECTORS = StripKernel.VECTORS;

  private final StripKernel.Shape shape;
  private final FloatCode code;
  private final MethodVisitor m;
  private final int width;

  // Local variables: sums by member, vectors of weights, where a source's members and weights are,
  // where each stream begins and how far it is read, what was read.
  private final int[] sums;
  private final int[] held;
  private final int xAt;
  private final int wAt;
  private final int[] streams;
  private final int far;
  private final int k;
  private final int seen;

  private StripWriter(StripKernel.Shape shape, int lanes) {
    this.shape = shape;
    String name = "Strip" + shape.members() + "ahead" + shape.ahead();
    code =
        new FloatCode(new FloatCode.Method(name, StripKernel.class, "([FI[FI[FIIII)I", 9), lanes);
    m = code.visitor();
    width = VECTORS * lanes;
    sums = code.locals(shape.members() * VECTORS);
    held = code.locals(VECTORS);
    xAt = code.local();
    wAt = code.local();
    streams = code.locals(StripKernel.STREAMS);
    far = code.local();
    k = code.zero();
    seen = code.zero();
  }

  /** The class file. */
  static byte[] write(StripKernel.Shape shape, int lanes) {
    return new StripWriter(shape, lanes).writeAll();
  }

  private byte[] writeAll() {
    var target = new FloatCode.Target(SUMS, SUMS_AT, new int[] {-1}, sums.length);
    code.begin(sums, target, false);
    code.touch(X);
    code.touch(W);
    // As late as this, and in these variables: else JDK 25 keeps W in a vector register.
    code.offsets(streams, APART, NEXT);
    int behind = code.local(); // from there on fewer are left
    m.visitVarInsn(ILOAD, COUNT);
    m.visitLdcInsn(TOGETHER - 1);
    m.visitInsn(ISUB);
    m.visitVarInsn(ISTORE, behind);
    code.loop(k, behind, TOGETHER, () -> add(TOGETHER, true));
    code.loop(k, COUNT, 1, () -> add(1, false));
    code.end(sums, target, false);
    return code.finish(seen);
  }

  /** Adds the products of so many sources from k on. */
  private void add(int sources, boolean ahead) {
    if (ahead) {
      goAhead();
    }
    for (int n = 0; n < sources; n++) {
      if (ahead) {
        readAhead(n);
      }
      if (n == 0) { // only now: more is to be kept in registers than there are
        code.place(wAt, W_AT, k, width);
        code.place(xAt, X_AT, k, shape.members());
      }
      code.hold(held, W, wAt, -1, n * VECTORS);
      for (int member = 0; member < shape.members(); member++) {
        int at = n * shape.members() + member;
        code.broadcast(() -> code.element(X, xAt, at, FALOAD));
        code.fma(held, sums, member * VECTORS);
      }
    }
  }

  /** far = k * ahead / STREAMS. */
  private void goAhead() {
    m.visitVarInsn(ILOAD, k);
    m.visitLdcInsn(shape.ahead());
    m.visitInsn(IMUL);
    m.visitLdcInsn(Integer.numberOfTrailingZeros(StripKernel.STREAMS));
    m.visitInsn(ISHR);
    m.visitVarInsn(ISTORE, far);
  }

  /** Reads a weight of a stream. */
  private void readAhead(int stream) {
    m.visitVarInsn(ILOAD, seen);
    m.visitVarInsn(ALOAD, W);
    m.visitVarInsn(ILOAD, streams[stream]);
    m.visitVarInsn(ILOAD, far);
    m.visitInsn(IADD);
    m.visitInsn(FALOAD);
    String bits = "floatToRawIntBits";
    m.visitMethodInsn(INVOKESTATIC, "java/lang/Float", bits, "(F)I", false);
    m.visitInsn(IXOR);
    m.visitVarInsn(ISTORE, seen);
  }
}

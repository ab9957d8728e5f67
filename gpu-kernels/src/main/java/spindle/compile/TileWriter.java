package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.FALOAD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.INVOKEINTERFACE;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.ISTORE;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Writes kernels of dense products with the Vector API, every accumulator in a local variable: a
 * call that returned one would box it.
 */
final class TileWriter {
  private static final String FLOATS = "jdk/incubator/vector/FloatVector";
  private static final String VECTOR = "Ljdk/incubator/vector/Vector;";
  private static final String SPECIES = "Ljdk/incubator/vector/VectorSpecies;";
  private static final String SELF = "L" + FLOATS + ";";

  // Arguments of TileKernel.run.
  private static final int A = 1;
  private static final int A_AT = 2;
  private static final int A_STRIDE = 3;
  private static final int B = 4;
  private static final int C = 5;
  private static final int C_AT = 6;
  private static final int C_ROW = 7;
  private static final int DEPTH = 8;

  private final ClassWriter type;
  private final MethodVisitor m;
  private int next;

  private TileWriter(String name, Class<?> kernel, String descriptor, int arguments) {
    type = HiddenClasses.begin(name, kernel);
    m = type.visitMethod(Opcodes.ACC_PUBLIC, "run", descriptor, null, null);
    m.visitCode();
    next = 1 + arguments;
  }

  /** The class file of a {@link TileKernel} of one shape. */
  static byte[] tile(TileKernel.Shape shape) {
    String name = (shape.added() ? "AddedTile" : "Tile") + shape.rows() + "x" + shape.vectors();
    var w = new TileWriter(name, TileKernel.class, "([FII[F[FIII)V", 8);
    return w.writeTile(shape);
  }

  /** The class file of a {@link RowsKernel} over some vectors. */
  static byte[] rows(int vectors, boolean added) {
    String name = (added ? "AddedRows" : "Rows") + vectors;
    var w = new TileWriter(name, RowsKernel.class, "([I[FII[FII[FI)V", 9);
    return w.writeRows(vectors, added);
  }

  private byte[] writeTile(TileKernel.Shape shape) {
    int vectors = shape.vectors();
    int lanes = lanes();
    int[] sums = locals(shape.rows() * vectors);
    var target = new Target(C, C_AT, offsets(shape.rows(), C_ROW, -1), vectors, lanes);
    begin(sums, target, shape.added());
    int[] rowOf = shape.deep() ? offsets(shape.rows(), A_STRIDE, A_AT) : new int[0];
    int[] held = locals(vectors);
    int bAt = next++;
    int k = zero();
    loop(
        k,
        DEPTH,
        () -> {
          hold(held, bAt, k, lanes);
          for (int row = 0; row < shape.rows(); row++) {
            int r = row;
            broadcast(() -> factor(shape.deep() ? rowOf[r] : -1, k, r));
            fma(held, sums, row * vectors);
          }
          if (!shape.deep()) {
            step(A_AT, A_STRIDE);
          }
        });
    end(sums, target, shape.added());
    return finish();
  }

  /** Loads the vectors of b for summand k. */
  private void hold(int[] held, int bAt, int k, int lanes) {
    m.visitVarInsn(ILOAD, k);
    m.visitLdcInsn(held.length);
    m.visitInsn(IMUL);
    m.visitVarInsn(ILOAD, lanes);
    m.visitInsn(IMUL);
    m.visitVarInsn(ISTORE, bAt);
    for (int v = 0; v < held.length; v++) {
      load(B, bAt, -1, v, lanes);
      m.visitVarInsn(ASTORE, held[v]);
    }
  }

  /** Pushes the element of a row of a: behind the local {@code rowOf}, else in a column. */
  private void factor(int rowOf, int k, int row) {
    m.visitVarInsn(ALOAD, A);
    if (rowOf >= 0) {
      sum(rowOf, k);
    } else {
      m.visitVarInsn(ILOAD, A_AT);
      m.visitLdcInsn(row);
      m.visitInsn(IADD);
    }
    m.visitInsn(FALOAD);
  }

  private void add() {
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "add", "(" + VECTOR + ")" + SELF, false);
  }

  private byte[] writeRows(int vectors, boolean added) {
    final int from = 3;
    final int to = 4;
    final int b = 5;
    final int c = 8;
    final int cAt = 9;
    int lanes = lanes();
    int[] sums = locals(vectors);
    var target = new Target(c, cAt, new int[] {-1}, vectors, lanes);
    begin(sums, target, added);
    int row = next++;
    int[] held = locals(1);
    loop(
        from,
        to,
        () -> {
          factorOfRow(from, row);
          for (int v = 0; v < vectors; v++) {
            if (v + 1 < vectors) {
              m.visitInsn(Opcodes.DUP);
            }
            load(b, row, -1, v, lanes);
            m.visitVarInsn(ASTORE, held[0]);
            fma(held, sums, v);
          }
        });
    end(sums, target, added);
    return finish();
  }

  /** Pushes the factor of a picked row, whose place in b goes to a local variable. */
  private void factorOfRow(int from, int row) {
    final int rows = 1;
    final int factors = 2;
    final int width = 6;
    final int bAt = 7;
    m.visitVarInsn(ALOAD, rows);
    m.visitVarInsn(ILOAD, from);
    m.visitInsn(IALOAD);
    m.visitVarInsn(ILOAD, width);
    m.visitInsn(IMUL);
    m.visitVarInsn(ILOAD, bAt);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, row);
    broadcast(
        () -> {
          m.visitVarInsn(ALOAD, factors);
          m.visitVarInsn(ILOAD, from);
          m.visitInsn(FALOAD);
        });
  }

  private byte[] finish() {
    m.visitInsn(Opcodes.RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
    type.visitEnd();
    return type.toByteArray();
  }

  private int[] locals(int count) {
    var places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = next++;
    }
    return places;
  }

  /** Locals that hold first, first + stride, first + 2 stride, ...; without a first from 0. */
  private int[] offsets(int count, int stride, int first) {
    int[] places = locals(count);
    for (int r = 0; r < count; r++) {
      m.visitVarInsn(ILOAD, stride);
      m.visitLdcInsn(r);
      m.visitInsn(IMUL);
      if (first >= 0) {
        m.visitVarInsn(ILOAD, first);
        m.visitInsn(IADD);
      }
      m.visitVarInsn(ISTORE, places[r]);
    }
    return places;
  }

  private int lanes() {
    m.visitFieldInsn(Opcodes.GETSTATIC, FLOATS, "SPECIES_PREFERRED", SPECIES);
    m.visitMethodInsn(INVOKEINTERFACE, "jdk/incubator/vector/VectorSpecies", "length", "()I", true);
    m.visitVarInsn(ISTORE, next);
    return next++;
  }

  private int zero() {
    m.visitInsn(Opcodes.ICONST_0);
    m.visitVarInsn(ISTORE, next);
    return next++;
  }

  private void loop(int counter, int end, Runnable body) {
    var head = new Label();
    var done = new Label();
    m.visitLabel(head);
    m.visitVarInsn(ILOAD, counter);
    m.visitVarInsn(ILOAD, end);
    m.visitJumpInsn(IF_ICMPGE, done);
    body.run();
    m.visitIincInsn(counter, 1);
    m.visitJumpInsn(GOTO, head);
    m.visitLabel(done);
  }

  private void step(int at, int by) {
    m.visitVarInsn(ILOAD, at);
    m.visitVarInsn(ILOAD, by);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, at);
  }

  private void sum(int first, int second) {
    m.visitVarInsn(ILOAD, first);
    if (second >= 0) {
      m.visitVarInsn(ILOAD, second);
      m.visitInsn(IADD);
    }
  }

  /** Pushes the index of vector {@code v} behind a place. */
  private void index(int at, int offset, int v, int lanes) {
    sum(at, offset);
    if (v > 0) {
      m.visitVarInsn(ILOAD, lanes);
      m.visitLdcInsn(v);
      m.visitInsn(IMUL);
      m.visitInsn(IADD);
    }
  }

  private void load(int array, int at, int offset, int v, int lanes) {
    m.visitFieldInsn(Opcodes.GETSTATIC, FLOATS, "SPECIES_PREFERRED", SPECIES);
    m.visitVarInsn(ALOAD, array);
    index(at, offset, v, lanes);
    m.visitMethodInsn(INVOKESTATIC, FLOATS, "fromArray", "(" + SPECIES + "[FI)" + SELF, false);
  }

  /** Where sums go: locals of the array and a place in it, of the offset of each row. */
  private record Target(int array, int at, int[] offsets, int vectors, int lanes) {}

  private void load(Target t, int i) {
    load(t.array, t.at, t.offsets[i / t.vectors], i % t.vectors, t.lanes);
  }

  private void begin(int[] sums, Target t, boolean added) {
    for (int i = 0; i < sums.length; i++) {
      if (added) {
        broadcast(() -> m.visitInsn(Opcodes.FCONST_0));
      } else {
        load(t, i);
      }
      m.visitVarInsn(ASTORE, sums[i]);
    }
  }

  private void end(int[] sums, Target t, boolean added) {
    for (int i = 0; i < sums.length; i++) {
      m.visitVarInsn(ALOAD, sums[i]);
      if (added) {
        broadcast(() -> m.visitInsn(Opcodes.FCONST_0));
        add();
        load(t, i);
        add();
      }
      m.visitVarInsn(ALOAD, t.array);
      index(t.at, t.offsets[i / t.vectors], i % t.vectors, t.lanes);
      m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "intoArray", "([FI)V", false);
    }
  }

  private void broadcast(Runnable element) {
    m.visitFieldInsn(Opcodes.GETSTATIC, FLOATS, "SPECIES_PREFERRED", SPECIES);
    element.run();
    m.visitMethodInsn(INVOKESTATIC, FLOATS, "broadcast", "(" + SPECIES + "F)" + SELF, false);
  }

  /** sum = factor * held + sum for the factor on the stack and all that is held. */
  private void fma(int[] held, int[] sums, int first) {
    for (int v = 0; v < held.length; v++) {
      if (v + 1 < held.length) {
        m.visitInsn(Opcodes.DUP);
      }
      m.visitVarInsn(ALOAD, held[v]);
      m.visitVarInsn(ALOAD, sums[first + v]);
      m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "fma", "(" + VECTOR + VECTOR + ")" + SELF, false);
      m.visitVarInsn(ASTORE, sums[first + v]);
    }
  }
}

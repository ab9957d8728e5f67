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
  static byte[] tile(int rows, int vectors, boolean added) {
    String name = (added ? "AddedTile" : "Tile") + rows + "x" + vectors;
    var w = new TileWriter(name, TileKernel.class, "([FIII[FII[FIII)V", 11);
    return w.writeTile(rows, vectors, added);
  }

  /** The class file of a {@link RowsKernel} over some vectors. */
  static byte[] rows(int vectors) {
    var w = new TileWriter("Rows" + vectors, RowsKernel.class, "([I[FII[FII[FI)V", 9);
    return w.writeRows(vectors);
  }

  private byte[] writeTile(int rows, int vectors, boolean added) {
    final int a = 1;
    final int aAt = 2;
    final int aRow = 3;
    final int aStep = 4;
    final int b = 5;
    final int bAt = 6;
    final int bStep = 7;
    final int c = 8;
    final int cAt = 9;
    final int cRow = 10;
    final int depth = 11;
    int[] rowOf = offsets(rows, aRow);
    int[] placeOf = offsets(rows, cRow);
    int lanes = lanes();
    int[] sums = locals(rows * vectors);
    for (int i = 0; i < sums.length; i++) {
      if (added) {
        broadcast(() -> m.visitInsn(Opcodes.FCONST_0));
      } else {
        load(c, cAt, placeOf[i / vectors], i % vectors, lanes);
      }
      m.visitVarInsn(ASTORE, sums[i]);
    }
    int[] held = locals(vectors);
    int k = zero();
    loop(
        k,
        depth,
        () -> {
          for (int v = 0; v < vectors; v++) {
            load(b, bAt, -1, v, lanes);
            m.visitVarInsn(ASTORE, held[v]);
          }
          for (int i = 0; i < sums.length; i++) {
            int row = i / vectors;
            if (i % vectors == 0) {
              broadcast(
                  () -> {
                    m.visitVarInsn(ALOAD, a);
                    sum(aAt, rowOf[row]);
                    m.visitInsn(FALOAD);
                  });
            }
            fma(held[i % vectors], sums[i], i % vectors == vectors - 1);
          }
          step(aAt, aStep);
          step(bAt, bStep);
        });
    for (int i = 0; added && i < sums.length; i++) {
      m.visitVarInsn(ALOAD, sums[i]);
      broadcast(() -> m.visitInsn(Opcodes.FCONST_0));
      add();
      load(c, cAt, placeOf[i / vectors], i % vectors, lanes);
      add();
      m.visitVarInsn(ASTORE, sums[i]);
    }
    store(sums, vectors, c, cAt, placeOf, lanes);
    return finish();
  }

  private void add() {
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "add", "(" + VECTOR + ")" + SELF, false);
  }

  private byte[] writeRows(int vectors) {
    final int rows = 1;
    final int factors = 2;
    final int from = 3;
    final int to = 4;
    final int b = 5;
    final int width = 6;
    final int bAt = 7;
    final int c = 8;
    final int cAt = 9;
    int lanes = lanes();
    int[] sums = locals(vectors);
    for (int v = 0; v < vectors; v++) {
      load(c, cAt, -1, v, lanes);
      m.visitVarInsn(ASTORE, sums[v]);
    }
    int row = next++;
    int held = next++;
    loop(
        from,
        to,
        () -> {
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
          for (int v = 0; v < vectors; v++) {
            load(b, row, -1, v, lanes);
            m.visitVarInsn(ASTORE, held);
            fma(held, sums[v], v == vectors - 1);
          }
        });
    store(sums, vectors, c, cAt, new int[] {-1}, lanes);
    return finish();
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

  /** Locals that hold 0, stride, 2 stride, ... */
  private int[] offsets(int count, int stride) {
    int[] places = locals(count);
    for (int r = 0; r < count; r++) {
      m.visitVarInsn(ILOAD, stride);
      m.visitLdcInsn(r);
      m.visitInsn(IMUL);
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

  private void store(int[] sums, int vectors, int array, int at, int[] offsets, int lanes) {
    for (int i = 0; i < sums.length; i++) {
      m.visitVarInsn(ALOAD, sums[i]);
      m.visitVarInsn(ALOAD, array);
      index(at, offsets[i / vectors], i % vectors, lanes);
      m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "intoArray", "([FI)V", false);
    }
  }

  private void broadcast(Runnable element) {
    m.visitFieldInsn(Opcodes.GETSTATIC, FLOATS, "SPECIES_PREFERRED", SPECIES);
    element.run();
    m.visitMethodInsn(INVOKESTATIC, FLOATS, "broadcast", "(" + SPECIES + "F)" + SELF, false);
  }

  /** sum = factor * held + sum for the factor on the stack, which stays there unless it is done. */
  private void fma(int held, int sum, boolean done) {
    if (!done) {
      m.visitInsn(Opcodes.DUP);
    }
    m.visitVarInsn(ALOAD, held);
    m.visitVarInsn(ALOAD, sum);
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "fma", "(" + VECTOR + VECTOR + ")" + SELF, false);
    m.visitVarInsn(ASTORE, sum);
  }
}

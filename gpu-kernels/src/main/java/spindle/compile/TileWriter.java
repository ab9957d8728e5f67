package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.FALOAD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.ISTORE;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import spindle.compile.FloatCode.Method;

/**
 * Writes kernels of dense products with the Vector API, every accumulator in a local variable: a
 * call that returned one would box it.
 */
final class TileWriter {
  // Arguments of TileKernel.run.
  private static final int A = 1;
  private static final int A_AT = 2;
  private static final int A_STRIDE = 3;
  private static final int B = 4;
  private static final int B_AT = 5;
  private static final int C = 6;
  private static final int C_AT = 7;
  private static final int C_ROW = 8;
  private static final int DEPTH = 9;

  // Arguments of RowsKernel.run and AxpyKernel.run.
  private static final int ROWS = 1;
  private static final int FACTORS = 2;

  private final FloatCode code;
  private final MethodVisitor m;
  private final int lanes;

  private TileWriter(Method method, int lanes) {
    code = new FloatCode(method, lanes);
    m = code.visitor();
    this.lanes = lanes;
  }

  /** The class file of a {@link TileKernel} of one shape. */
  static byte[] tile(TileKernel.Shape shape) {
    String name = (shape.added() ? "AddedTile" : "Tile") + shape.rows() + "x" + shape.vectors();
    var method = new Method(name, TileKernel.class, "([FII[FI[FIII)V", 9);
    return new TileWriter(method, Jvm.lanes()).writeTile(shape);
  }

  /** The class file of a {@link RowsKernel} of one shape. */
  static byte[] rows(RowsKernel.Shape shape, int lanes) {
    String name = (shape.all() ? "AllRows" : "Rows") + shape.strips() + "x" + shape.vectors();
    var method = new Method(name, RowsKernel.class, "([I[FII[FIII[FI)V", 10);
    return new TileWriter(method, lanes).writeRows(shape);
  }

  /** The class file of an {@link AxpyKernel} of some rows. */
  static byte[] axpy(int rows, int lanes) {
    var method = new Method("Axpy" + rows, AxpyKernel.class, "([I[FI[FIII[F)V", 8);
    return new TileWriter(method, lanes).writeAxpy(rows);
  }

  /** The class file of a {@link PackKernel}. */
  static byte[] pack(int lanes) {
    var method = new Method("Pack", PackKernel.class, "([FII[FII)V", 6);
    return new TileWriter(method, lanes).writePack(TileKernel.VECTORS);
  }

  private byte[] writeTile(TileKernel.Shape shape) {
    int vectors = shape.vectors();
    int[] sums = code.locals(shape.rows() * vectors);
    var target = new FloatCode.Target(C, C_AT, code.offsets(shape.rows(), C_ROW, -1), vectors);
    code.begin(sums, target, shape.added());
    int[] rowOf = shape.deep() ? code.offsets(shape.rows(), A_STRIDE, A_AT) : new int[0];
    int[] held = code.locals(vectors);
    int bAt = code.local();
    int k = code.zero();
    code.loop(
        k,
        DEPTH,
        1,
        () -> {
          code.place(bAt, B_AT, k, vectors * lanes);
          code.hold(held, B, bAt, -1, 0);
          for (int row = 0; row < shape.rows(); row++) {
            int r = row;
            code.broadcast(() -> factor(shape.deep() ? rowOf[r] : -1, k, r));
            code.fma(held, sums, row * vectors);
          }
          if (!shape.deep()) {
            code.sum(A_AT, A_STRIDE);
            m.visitVarInsn(ISTORE, A_AT);
          }
        });
    code.end(sums, target, shape.added());
    return code.finish();
  }

  /** Pushes the element of a row of a: behind the local {@code rowOf}, else in a column. */
  private void factor(int rowOf, int k, int row) {
    if (rowOf < 0) {
      code.element(A, A_AT, row, FALOAD);
      return;
    }
    m.visitVarInsn(ALOAD, A);
    code.sum(rowOf, k);
    m.visitInsn(FALOAD);
  }

  private byte[] writeRows(RowsKernel.Shape shape) {
    final int from = 3;
    final int to = 4;
    final int b = 5;
    final int row = 6;
    final int bAt = 7;
    final int step = 8;
    final int c = 9;
    final int cAt = 10;
    int vectors = shape.vectors();
    int[] sums = code.locals(shape.strips() * vectors);
    var target = new FloatCode.Target(c, cAt, new int[] {-1}, sums.length);
    code.begin(sums, target, true);
    int[] strips = code.offsets(shape.strips(), step, bAt);
    int place = code.local();
    int[] held = code.locals(vectors);
    int factor = code.local();
    code.loop(
        from,
        to,
        1,
        () -> {
          if (shape.all()) {
            code.place(place, -1, from, vectors * lanes);
            code.broadcast(() -> code.element(FACTORS, from, 0, FALOAD));
          } else {
            picked(from, 0, row, place);
          }
          m.visitVarInsn(ASTORE, factor);
          for (int s = 0; s < strips.length; s++) {
            code.hold(held, b, place, strips[s], 0);
            m.visitVarInsn(ALOAD, factor);
            code.fma(held, sums, s * vectors);
          }
        });
    code.end(sums, target, true);
    return code.finish();
  }

  private byte[] writeAxpy(int rows) {
    final int from = 3;
    final int b = 4;
    final int width = 5;
    final int begin = 6;
    final int end = 7;
    final int c = 8;
    int[] places = code.locals(rows);
    int[] factors = code.locals(rows);
    for (int r = 0; r < rows; r++) {
      picked(from, r, width, places[r]);
      m.visitVarInsn(ASTORE, factors[r]);
    }
    // Compilers before JDK 21 do not unroll the loop: two vectors fetch memory sooner than one.
    if (!Jvm.isGoodAtVectors()) {
      int last = code.local(); // whole vectors: where one is left, begin comes to stand on it
      m.visitVarInsn(ILOAD, end);
      m.visitLdcInsn(lanes);
      m.visitInsn(Opcodes.ISUB);
      m.visitVarInsn(ISTORE, last);
      addRows(new Lanes(2, begin, last, c), b, places, factors);
    }
    addRows(new Lanes(1, begin, end, c), b, places, factors);
    return code.finish();
  }

  /** Lanes of c, some vectors at a time; all others are numbers of local variables. */
  private record Lanes(int vectors, int begin, int end, int c) {}

  /** Writes a loop that adds products of factors and rows of b, which begin at some places. */
  private void addRows(Lanes some, int b, int[] places, int[] factors) {
    int vectors = some.vectors();
    int[] sums = code.locals(vectors);
    int[] held = code.locals(vectors);
    var target = new FloatCode.Target(some.c(), some.begin(), new int[] {-1}, vectors);
    code.loop(
        some.begin(),
        some.end(),
        vectors * lanes,
        () -> {
          code.begin(sums, target, false);
          for (int r = 0; r < places.length; r++) {
            code.hold(held, b, places[r], some.begin(), 0);
            m.visitVarInsn(ALOAD, factors[r]);
            code.fma(held, sums, 0);
          }
          code.end(sums, target, false);
        });
  }

  private byte[] writePack(int vectors) {
    final int row = 1;
    final int from = 2;
    final int panels = 3;
    final int packed = 4;
    final int to = 5;
    final int step = 6;
    int[] held = code.locals(vectors);
    var target = new FloatCode.Target(packed, to, new int[] {-1}, vectors);
    code.loop(
        code.zero(),
        panels,
        1,
        () -> {
          code.hold(held, row, from, -1, 0);
          code.end(held, target, false);
          m.visitIincInsn(from, vectors * lanes);
          code.sum(to, step);
          m.visitVarInsn(ISTORE, to);
        });
    return code.finish();
  }

  /** Pushes the factor of a picked row, whose place in b goes to a local variable. */
  private void picked(int from, int offset, int width, int place) {
    code.element(ROWS, from, offset, IALOAD);
    m.visitVarInsn(ILOAD, width);
    m.visitInsn(IMUL);
    m.visitVarInsn(ISTORE, place);
    code.broadcast(() -> code.element(FACTORS, from, offset, FALOAD));
  }
}

package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.FALOAD;
import static org.objectweb.asm.Opcodes.GETSTATIC;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static spindle.compile.VectorCalls.INTS;
import static spindle.compile.VectorCalls.SPECIES;
import static spindle.compile.VectorCalls.VECTOR;

import org.objectweb.asm.MethodVisitor;

/** Writes {@link DotKernel} with the shuffles of two vectors that the Vector API has. */
final class DotWriter {

  // Arguments of DotKernel.run.
  private static final int W = 1;
  private static final int W_AT = 2;
  private static final int ROW = 3;
  private static final int X = 4;
  private static final int FROM = 5;
  private static final int TO = 6;
  private static final int C = 7;
  private static final int C_AT = 8;

  private static final int BLOCK = DotKernel.BLOCK;

  /**
   * Lanes that exchange picks: stage s swaps bit s of row and lane, so that after all stages row k
   * has element k of each row. The lower row of a pair comes first, then the upper.
   */
  private static final int[] EXCHANGES = exchanges();

  private final FloatCode code =
      new FloatCode(new FloatCode.Method("Dot", DotKernel.class, "([FII[FII[FI)V", 8), BLOCK);
  private final MethodVisitor m = code.visitor();
  private final VectorCalls calls = new VectorCalls(m);

  private static int[] exchanges() {
    var lanes = new int[2 * BLOCK * Integer.numberOfTrailingZeros(BLOCK)];
    for (int d = 1, at = 0; d < BLOCK; d *= 2, at += 2 * BLOCK) {
      for (int lane = 0; lane < BLOCK; lane++) {
        boolean low = (lane & d) == 0;
        lanes[at + lane] = low ? lane : BLOCK + lane - d;
        lanes[at + BLOCK + lane] = low ? lane + d : BLOCK + lane;
      }
    }
    return lanes;
  }

  /** The lanes that the classes read. */
  static int[] lanes() {
    return EXCHANGES;
  }

  /** The class file. */
  static byte[] write() {
    return new DotWriter().writeAll();
  }

  private byte[] writeAll() {
    int[] picks = picks();
    int[] sums = code.locals(DotKernel.ROWS / BLOCK);
    var target = new FloatCode.Target(C, C_AT, new int[] {-1}, sums.length);
    int[] places = code.offsets(DotKernel.ROWS, ROW, W_AT);
    int[] rows = code.locals(BLOCK);
    int[] turned = code.locals(BLOCK);
    code.begin(sums, target, false);
    code.loop(
        FROM,
        TO,
        BLOCK,
        () -> {
          for (int g = 0; g < sums.length; g++) {
            for (int i = 0; i < BLOCK; i++) {
              code.load(W, places[g * BLOCK + i], FROM, 0);
              calls.asInts();
              m.visitVarInsn(ASTORE, rows[i]);
            }
            multiply(transposed(rows, turned, picks), sums, g);
          }
        });
    code.end(sums, target, false);
    return code.finish();
  }

  private int[] picks() {
    int[] picks = code.locals(EXCHANGES.length / BLOCK);
    for (int i = 0; i < picks.length; i++) {
      m.visitFieldInsn(GETSTATIC, INTS, "SPECIES_" + BLOCK * Integer.SIZE, SPECIES);
      m.visitMethodInsn(INVOKESTATIC, "spindle/compile/DotWriter", "lanes", "()[I", false);
      m.visitLdcInsn(i * BLOCK);
      String of = "(" + SPECIES + "[II)L" + INTS + ";";
      m.visitMethodInsn(INVOKESTATIC, INTS, "fromArray", of, false);
      m.visitVarInsn(ASTORE, picks[i]);
    }
    return picks;
  }

  /** Exchanges stage by stage, from one set of locals to the other; where the last left them. */
  private int[] transposed(int[] rows, int[] turned, int[] picks) {
    int[] from = rows;
    int[] to = turned;
    for (int d = 1, stage = 0; d < BLOCK; d *= 2, stage++) {
      for (int i = 0; i < BLOCK; i++) {
        boolean low = (i & d) == 0;
        m.visitVarInsn(ALOAD, picks[2 * stage + (low ? 0 : 1)]);
        m.visitVarInsn(ALOAD, from[low ? i : i - d]);
        m.visitVarInsn(ALOAD, from[low ? i + d : i]);
        String two = "(" + VECTOR + VECTOR + ")L" + INTS + ";";
        m.visitMethodInsn(INVOKEVIRTUAL, INTS, "selectFrom", two, false);
        m.visitVarInsn(ASTORE, to[i]);
      }
      int[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private void multiply(int[] columns, int[] sums, int group) {
    for (int k = 0; k < BLOCK; k++) {
      int offset = k;
      m.visitVarInsn(ALOAD, columns[k]);
      calls.asFloats();
      m.visitVarInsn(ASTORE, columns[k]);
      code.broadcast(() -> code.element(X, FROM, offset, FALOAD));
      code.fma(new int[] {columns[k]}, sums, group);
    }
  }
}

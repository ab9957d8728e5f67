package spindle.compile;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DALOAD;
import static org.objectweb.asm.Opcodes.DASTORE;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.IASTORE;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.RETURN;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import spindle.ir.Equation;
import spindle.ir.Op;

/** Writes a loop as plain Java: one index for all arrays, no call that C2 does not inline. */
final class LoopWriter {
  static final String RUN = "([Ljava/lang/Object;[DII)V";
  static final int ARRAYS = 1;
  static final int SCALARS = 2;
  static final int FROM = 3;
  static final int TO = 4;
  static final int FIRST_FREE = 5;

  private final Loop loop;
  private final Layout layout;
  private final ClassWriter type = HiddenClasses.begin("PlainLoop", Kernel.class);
  private final MethodVisitor m = type.visitMethod(Opcodes.ACC_PUBLIC, "run", RUN, null, null);
  private final int[] locals;
  private final Map<Integer, Integer> arrayLocals = new HashMap<>();
  private final Elements elements;
  private int counts;
  private int next = FIRST_FREE;

  private LoopWriter(Loop loop, Layout layout) {
    this.loop = loop;
    this.layout = layout;
    this.locals = new int[loop.equations().size()];
    for (int i = 0; i < locals.length; i++) {
      locals[i] = next;
      next += 2;
    }
    this.elements = new Elements(m, loop.equations(), locals);
  }

  /** The class file of a {@link Kernel}. */
  static byte[] write(Loop loop, Layout layout) {
    return new LoopWriter(loop, layout).write();
  }

  private byte[] write() {
    m.visitCode();
    arrays();
    scalars();
    if (loop.isScalar()) {
      body();
      results();
    } else {
      loop();
    }
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
    type.visitEnd();
    return type.toByteArray();
  }

  /** Fetches each array once, into a local variable. */
  private void arrays() {
    var used = new TreeSet<>(loop.sources().values());
    used.addAll(loop.stores().values());
    used.addAll(loop.clears());
    used.addAll(loop.tallies().arrays());
    for (int array : used) {
      m.visitVarInsn(ALOAD, ARRAYS);
      m.visitLdcInsn(array);
      m.visitInsn(AALOAD);
      m.visitTypeInsn(CHECKCAST, "[" + element(array).getDescriptor());
      m.visitVarInsn(ASTORE, next);
      arrayLocals.put(array, next++);
    }
    counts = next++;
    Counts.fetch(m, loop, layout, counts);
  }

  private void scalars() {
    loop.slots()
        .forEach(
            (place, slot) -> {
              m.visitVarInsn(ALOAD, SCALARS);
              m.visitLdcInsn(slot);
              m.visitInsn(DALOAD);
              elements.popFromDouble(place);
            });
  }

  private void loop() {
    int index = next++;
    var head = new Label();
    var end = new Label();
    m.visitVarInsn(ILOAD, FROM);
    m.visitVarInsn(ISTORE, index);
    m.visitLabel(head);
    m.visitVarInsn(ILOAD, index);
    m.visitVarInsn(ILOAD, TO);
    m.visitJumpInsn(IF_ICMPGE, end);
    loop.sources().forEach((place, array) -> load(place, array, index));
    for (int i = 0; i < locals.length; i++) {
      if (loop.equations().get(i).op() == Op.INDEX) {
        m.visitVarInsn(ILOAD, index);
        elements.pop(i);
      }
    }
    body();
    Loop.Tallies tallies = loop.tallies();
    tallies.arrays().forEach(a -> tallies.type().count(m, counts, arrayLocals.get(a), index, 0));
    loop.stores().forEach((place, array) -> store(place, array, index));
    loop.clears().forEach(array -> clear(array, index));
    m.visitIincInsn(index, 1);
    m.visitJumpInsn(GOTO, head);
    m.visitLabel(end);
  }

  /**
   * Computes what is kept, of two operands the one with more operations before it first (Sethi and
   * Ullman 1970, J ACM 17:715). Besides registers this saves vectors: C2 makes none of a loop with
   * m * a before (1 - m) * b, where m is stored too.
   */
  private void body() {
    var done = new boolean[locals.length];
    int[] heights = heights();
    for (int i = 0; i < locals.length; i++) {
      if (loop.stores().containsKey(i) || loop.results().containsKey(i)) {
        compute(i, heights, done);
      }
    }
  }

  private void compute(int place, int[] heights, boolean[] done) {
    Equation e = loop.equations().get(place);
    if (done[place] || !e.op().isElementwise()) {
      return;
    }
    done[place] = true;
    var operands = new ArrayList<>(e.args());
    operands.sort((a, b) -> heights[b] - heights[a]);
    operands.forEach(a -> compute(a, heights, done));
    elements.compute(place);
  }

  /** Operations on the longest way to each value. */
  private int[] heights() {
    var heights = new int[locals.length];
    for (int i = 0; i < heights.length; i++) {
      for (int a : loop.equations().get(i).args()) {
        heights[i] = Math.max(heights[i], heights[a] + 1);
      }
    }
    return heights;
  }

  private void results() {
    loop.results()
        .forEach(
            (place, slot) -> {
              m.visitVarInsn(ALOAD, SCALARS);
              m.visitLdcInsn(slot);
              elements.pushAsDouble(place);
              m.visitInsn(DASTORE);
            });
  }

  private void load(int place, int array, int index) {
    m.visitVarInsn(ALOAD, arrayLocals.get(array));
    m.visitVarInsn(ILOAD, index);
    m.visitInsn(element(array).getOpcode(IALOAD));
    elements.pop(place);
  }

  private void store(int place, int array, int index) {
    m.visitVarInsn(ALOAD, arrayLocals.get(array));
    m.visitVarInsn(ILOAD, index);
    elements.push(place);
    m.visitInsn(element(array).getOpcode(IASTORE));
  }

  private void clear(int array, int index) {
    m.visitVarInsn(ALOAD, arrayLocals.get(array));
    m.visitVarInsn(ILOAD, index);
    elements.constant(layout.arrays().get(array).dtype(), 0);
    m.visitInsn(element(array).getOpcode(IASTORE));
  }

  private Type element(int array) {
    return Elements.jvm(layout.arrays().get(array).dtype());
  }

  /** A text that is equal for loops that compile to the same class. */
  static String source(Loop loop, Layout layout, Mode mode) {
    var text = new StringBuilder(mode.name());
    for (Equation e : loop.equations()) {
      text.append('\n').append(e.op()).append(e.type().dtype());
      text.append(e.type().isScalar() ? 's' : 'v').append(e.args()).append(e.value());
    }
    text.append(loop.sources()).append(loop.slots()).append(loop.stores());
    text.append(loop.results()).append(loop.clears()).append(loop.collects());
    text.append(loop.tallies());
    for (int a = 0; a < layout.arrays().size(); a++) {
      text.append(layout.isCount(a) ? "COUNT" : layout.arrays().get(a).dtype());
    }
    return text.toString();
  }
}

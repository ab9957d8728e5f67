package spindle.compile;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DALOAD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.IUSHR;
import static org.objectweb.asm.Opcodes.LASTORE;
import static org.objectweb.asm.Opcodes.LCONST_0;
import static org.objectweb.asm.Opcodes.LLOAD;
import static org.objectweb.asm.Opcodes.LOR;
import static org.objectweb.asm.Opcodes.LSHL;
import static org.objectweb.asm.Opcodes.LSTORE;
import static org.objectweb.asm.Opcodes.LUSHR;
import static org.objectweb.asm.Opcodes.RETURN;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;

/**
 * Writes a loop with the Vector API, every operation directly in the kernel method: helper methods
 * that return vectors stop being inlined in large loops and then box every vector.
 */
final class VectorLoopWriter {
  private static final String EVENTS = "spindle/compile/Events";

  private final Loop loop;
  private final Layout layout;
  private final ClassWriter type = HiddenClasses.begin("VectorLoop", Kernel.class);
  private final MethodVisitor m =
      type.visitMethod(Opcodes.ACC_PUBLIC, "run", LoopWriter.RUN, null, null);
  private final int[] locals;
  private final Map<Integer, Integer> arrayLocals = new HashMap<>();
  private final Map<Integer, Integer> markLocals = new HashMap<>();
  private final VectorElements elements;
  private int counts;
  private int next = LoopWriter.FIRST_FREE;

  private VectorLoopWriter(Loop loop, Layout layout) {
    this.loop = loop;
    this.layout = layout;
    this.locals = new int[loop.equations().size()];
    for (int i = 0; i < locals.length; i++) {
      locals[i] = next++;
    }
    this.elements = new VectorElements(m, loop.equations(), locals);
  }

  /** The class file of a {@link Kernel}. */
  static byte[] write(Loop loop, Layout layout) {
    return new VectorLoopWriter(loop, layout).write();
  }

  private byte[] write() {
    m.visitCode();
    arrays();
    scalars();
    marks();
    loop();
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
    type.visitEnd();
    return type.toByteArray();
  }

  private void arrays() {
    var used = new TreeSet<>(loop.sources().values());
    used.addAll(loop.stores().values());
    used.addAll(loop.clears());
    used.addAll(loop.tallies().arrays());
    for (int array : used) {
      m.visitVarInsn(ALOAD, LoopWriter.ARRAYS);
      m.visitLdcInsn(array);
      m.visitInsn(AALOAD);
      boolean shorts = layout.isCount(array);
      m.visitTypeInsn(CHECKCAST, shorts ? "[S" : "[" + Elements.jvm(dtype(array)).getDescriptor());
      m.visitVarInsn(ASTORE, next);
      arrayLocals.put(array, next++);
    }
    counts = next++;
    Counts.fetch(m, loop, layout, counts);
  }

  /** Broadcasts each scalar and constant once, ahead of the loop. */
  private void scalars() {
    for (int i = 0; i < locals.length; i++) {
      Equation e = loop.equations().get(i);
      if (loop.slots().containsKey(i)) {
        m.visitVarInsn(ALOAD, LoopWriter.SCALARS);
        m.visitLdcInsn(loop.slots().get(i));
        m.visitInsn(DALOAD);
        m.visitInsn(e.type().dtype() == DType.F32 ? Opcodes.D2F : Opcodes.D2I);
        elements.broadcast(i);
      } else if (e.op() == Op.CONST) {
        elements.pushConstant(e.type().dtype(), e.value());
        elements.broadcast(i);
      }
    }
  }

  private void loop() {
    int index = next++;
    var head = new Label();
    var end = new Label();
    m.visitVarInsn(ILOAD, LoopWriter.FROM);
    m.visitVarInsn(ISTORE, index);
    m.visitLabel(head);
    m.visitVarInsn(ILOAD, index);
    m.visitVarInsn(ILOAD, LoopWriter.TO);
    m.visitJumpInsn(IF_ICMPGE, end);
    loop.sources().forEach((place, array) -> load(place, array, index));
    for (int i = 0; i < locals.length; i++) {
      Equation e = loop.equations().get(i);
      if (e.op() == Op.INDEX) {
        elements.index(i, index);
      } else if (e.op().isElementwise()) {
        elements.compute(i);
      }
    }
    loop.tallies().arrays().forEach(array -> tally(array, index));
    loop.stores().forEach((place, array) -> elements.store(place, arrayLocals.get(array), index));
    loop.clears().forEach(array -> clear(array, index));
    loop.collects().forEach((place, array) -> mark(place, array, index));
    m.visitVarInsn(ILOAD, index);
    elements.pushLength();
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, index);
    m.visitJumpInsn(GOTO, head);
    m.visitLabel(end);
  }

  private void load(int place, int array, int index) {
    if (layout.isCount(array)) {
      elements.loadShorts(place, arrayLocals.get(array), index);
    } else {
      elements.load(place, arrayLocals.get(array), index);
    }
  }

  /** Counts as many elements as there are lanes, while the vectors before are still computed. */
  private void tally(int array, int index) {
    for (int lane = 0; lane < Jvm.lanes(); lane++) {
      loop.tallies().type().count(m, counts, arrayLocals.get(array), index, lane);
    }
  }

  private void clear(int array, int index) {
    if (layout.isCount(array)) {
      elements.clearShorts(arrayLocals.get(array), index);
    } else {
      elements.clear(dtype(array), arrayLocals.get(array), index);
    }
  }

  /** Fetches the words that take marks, and keeps the last 64 marks of each mask in a local. */
  private void marks() {
    for (int array : loop.collects().values()) {
      m.visitVarInsn(ALOAD, LoopWriter.ARRAYS);
      m.visitLdcInsn(array);
      m.visitInsn(AALOAD);
      m.visitTypeInsn(CHECKCAST, EVENTS);
      m.visitMethodInsn(INVOKEVIRTUAL, EVENTS, "marks", "()[J", false);
      m.visitVarInsn(ASTORE, next);
      markLocals.put(array, next++);
      m.visitInsn(LCONST_0);
      m.visitVarInsn(LSTORE, next);
      next += 2;
    }
  }

  /**
   * Shifts the set lanes into the last 64 marks and writes these, for {@link Events#addMarks}: as
   * the loop begins and ends at a multiple of 64, the last writing to a word is right. A call
   * inside the loop, even one that is hardly ever made, and even one behind it, for which more
   * values stay alive, would push every constant of the loop out of its register.
   */
  private void mark(int place, int array, int index) {
    int words = markLocals.get(array);
    int last = words + 1;
    elements.pushMaskBits(place);
    if (Jvm.lanes() < Long.SIZE) {
      m.visitLdcInsn(Long.SIZE - Jvm.lanes());
      m.visitInsn(LSHL);
      m.visitVarInsn(LLOAD, last);
      m.visitLdcInsn(Jvm.lanes());
      m.visitInsn(LUSHR);
      m.visitInsn(LOR);
    }
    m.visitVarInsn(LSTORE, last);
    m.visitVarInsn(ALOAD, words);
    m.visitVarInsn(ILOAD, index);
    m.visitLdcInsn(Integer.numberOfTrailingZeros(Long.SIZE));
    m.visitInsn(IUSHR);
    m.visitVarInsn(LLOAD, last);
    m.visitInsn(LASTORE);
  }

  private DType dtype(int array) {
    return layout.arrays().get(array).dtype();
  }
}

package spindle.compile;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DALOAD;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.ISTORE;
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
  private final Loop loop;
  private final Layout layout;
  private final ClassWriter type = HiddenClasses.begin("VectorLoop", Kernel.class);
  private final MethodVisitor m =
      type.visitMethod(Opcodes.ACC_PUBLIC, "run", LoopWriter.RUN, null, null);
  private final int[] locals;
  private final Map<Integer, Integer> arrayLocals = new HashMap<>();
  private final VectorElements elements;
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
    used.addAll(loop.collects().values());
    for (int array : used) {
      m.visitVarInsn(ALOAD, LoopWriter.ARRAYS);
      m.visitLdcInsn(array);
      m.visitInsn(AALOAD);
      m.visitTypeInsn(CHECKCAST, arrayType(array));
      m.visitVarInsn(ASTORE, next);
      arrayLocals.put(array, next++);
    }
  }

  private String arrayType(int array) {
    DType dtype = layout.arrays().get(array).dtype();
    return dtype == DType.EVENTS
        ? "spindle/compile/Events"
        : "[" + Elements.jvm(dtype).getDescriptor();
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
    loop.sources().forEach((place, array) -> elements.load(place, arrayLocals.get(array), index));
    for (int i = 0; i < locals.length; i++) {
      Equation e = loop.equations().get(i);
      if (e.op() == Op.INDEX) {
        elements.index(i, index);
      } else if (e.op().isElementwise()) {
        elements.compute(i);
      }
    }
    loop.stores().forEach((place, array) -> elements.store(place, arrayLocals.get(array), index));
    loop.clears().forEach(a -> elements.clear(dtype(a), arrayLocals.get(a), index));
    loop.collects().forEach((place, events) -> collect(place, arrayLocals.get(events), index));
    m.visitVarInsn(ILOAD, index);
    elements.pushLength();
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, index);
    m.visitJumpInsn(GOTO, head);
    m.visitLabel(end);
  }

  /** Lists the set lanes; most vectors hold no spike and pay for one test only. */
  private void collect(int place, int events, int index) {
    int bits = next;
    next += 2;
    var none = new Label();
    elements.pushMaskBits(place);
    m.visitVarInsn(Opcodes.LSTORE, bits);
    m.visitVarInsn(Opcodes.LLOAD, bits);
    m.visitInsn(Opcodes.LCONST_0);
    m.visitInsn(Opcodes.LCMP);
    m.visitJumpInsn(IFEQ, none);
    m.visitVarInsn(ALOAD, events);
    m.visitVarInsn(Opcodes.LLOAD, bits);
    m.visitVarInsn(ILOAD, index);
    m.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "spindle/compile/Events", "addBits", "(JI)V", false);
    m.visitLabel(none);
  }

  private DType dtype(int array) {
    return layout.arrays().get(array).dtype();
  }
}

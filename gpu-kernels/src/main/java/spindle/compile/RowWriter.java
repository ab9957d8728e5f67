package spindle.compile;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DALOAD;
import static org.objectweb.asm.Opcodes.DASTORE;
import static org.objectweb.asm.Opcodes.DUP2;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.IASTORE;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.ICONST_1;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.ISUB;
import static org.objectweb.asm.Opcodes.RETURN;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Rows;

/** Writes the walk along a row, once per use: add, list. */
final class RowWriter {
  private static final String BEGIN = "(II[D[D[I)V";

  // Parameters and locals of the walking methods.
  private static final int AT = 1;
  private static final int BASE = 2;
  private static final int COUNT = 3;
  private static final int VALUES = 4;
  private static final int DRAWS = 5;
  private static final int TARGET = 6;
  private static final int K = 7;
  private static final int CURSOR = 8;
  private static final int STOP = 9;
  private static final int FIRST_FREE = 10;

  private final RowParts parts;
  private final List<String> parameters;
  private final Map<Integer, Integer> valueSlots;
  private final Map<Integer, Integer> drawArrays;
  private final int[] locals;
  private final ClassWriter type = HiddenClasses.begin("RowLoop", RowKernel.class);
  private final Map<Integer, Integer> arrayLocals = new HashMap<>();
  private MethodVisitor m;
  private Elements elements;

  private RowWriter(RowPlan plan) {
    this.parts = plan.parts();
    this.parameters = plan.parameters();
    this.valueSlots = plan.valueSlots();
    this.drawArrays = plan.drawArrays();
    this.locals = new int[parts.changing().length];
    for (int i = 0; i < locals.length; i++) {
      locals[i] = FIRST_FREE + 2 * i;
    }
  }

  /** The class file of a {@link RowKernel}. */
  static byte[] write(RowPlan plan) {
    return new RowWriter(plan).write();
  }

  private byte[] write() {
    begin();
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Type element = Elements.jvm(dtype);
      String target = "[" + element.getDescriptor();
      walk("add", target, () -> accumulate(element, () -> weight(dtype)));
    }
    walk("list", "Lspindle/compile/Synapses;", this::append);
    type.visitEnd();
    return type.toByteArray();
  }

  private void method(String name, String descriptor) {
    m = type.visitMethod(Opcodes.ACC_PUBLIC, name, descriptor, null, null);
    elements = new Elements(m, parts.body().equations(), locals);
    m.visitCode();
  }

  private void end() {
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private void begin() {
    method("begin", BEGIN);
    for (int i = 0; i < locals.length; i++) {
      if (parts.changing()[i] == 0) {
        Equation e = parts.body().at(i);
        if (e.op() == Op.PARAM) {
          parameter(i, e.name());
        } else if (e.op().isElementwise()) {
          elements.compute(i);
        }
      }
    }
    valueSlots.forEach(
        (place, slot) -> {
          m.visitVarInsn(ALOAD, 4);
          m.visitLdcInsn(slot);
          elements.pushAsDouble(place);
          m.visitInsn(DASTORE);
        });
    m.visitVarInsn(ALOAD, 5);
    m.visitInsn(ICONST_0);
    m.visitInsn(ICONST_0);
    m.visitInsn(IASTORE);
    m.visitVarInsn(ALOAD, 5);
    m.visitInsn(ICONST_1);
    output(Rows.FIRST);
    m.visitInsn(IASTORE);
    m.visitInsn(RETURN);
    end();
  }

  private void parameter(int place, String name) {
    switch (name) {
      case Rows.ROW -> m.visitVarInsn(ILOAD, 1);
      case Rows.CHUNK -> m.visitVarInsn(ILOAD, 2);
      default -> {
        m.visitVarInsn(ALOAD, 3);
        m.visitLdcInsn(parameters.indexOf(name));
        m.visitInsn(DALOAD);
        elements.popFromDouble(place);
        return;
      }
    }
    elements.pop(place);
  }

  private void walk(String name, String target, Runnable visit) {
    method(name, "([III[D[Ljava/lang/Object;" + target + ")Z");
    prologue();
    var head = new Label();
    var skip = new Label();
    var pause = new Label();
    var done = new Label();
    m.visitLabel(head);
    unlessBelow(() -> m.visitVarInsn(ILOAD, CURSOR), () -> output(Rows.END), done);
    if (parts.outputs().containsKey(Rows.LIMIT)) {
      unlessBelow(() -> m.visitVarInsn(ILOAD, K), () -> output(Rows.LIMIT), done);
    }
    unlessBelow(() -> m.visitVarInsn(ILOAD, K), () -> m.visitVarInsn(ILOAD, STOP), pause);
    body();
    if (parts.outputs().containsKey(Rows.ACCEPT)) {
      output(Rows.ACCEPT);
      m.visitJumpInsn(IFEQ, skip);
    }
    visit.run();
    m.visitIincInsn(K, 1);
    m.visitLabel(skip);
    output(Rows.NEXT);
    m.visitVarInsn(ISTORE, CURSOR);
    m.visitJumpInsn(GOTO, head);
    leave(done, true);
    leave(pause, false);
    end();
  }

  private void prologue() {
    arrayLocals.clear();
    m.visitVarInsn(ILOAD, BASE);
    m.visitVarInsn(ILOAD, COUNT);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, STOP);
    for (int i = 0; i < 2; i++) {
      m.visitVarInsn(ALOAD, AT);
      m.visitLdcInsn(i);
      m.visitInsn(IALOAD);
      m.visitVarInsn(ISTORE, i == 0 ? K : CURSOR);
    }
    valueSlots.forEach(
        (place, slot) -> {
          m.visitVarInsn(ALOAD, VALUES);
          m.visitLdcInsn(slot);
          m.visitInsn(DALOAD);
          elements.popFromDouble(place);
        });
    drawArrays.forEach(
        (place, array) -> {
          int local = FIRST_FREE + 2 * locals.length + arrayLocals.size();
          m.visitVarInsn(ALOAD, DRAWS);
          m.visitLdcInsn(array);
          m.visitInsn(AALOAD);
          m.visitTypeInsn(CHECKCAST, "[" + element(place).getDescriptor());
          m.visitVarInsn(ASTORE, local);
          arrayLocals.put(place, local);
        });
  }

  private Type element(int place) {
    return Elements.jvm(parts.body().at(place).type().dtype());
  }

  private void unlessBelow(Runnable a, Runnable b, Label target) {
    a.run();
    b.run();
    m.visitJumpInsn(IF_ICMPGE, target);
  }

  /** Fetches the draws of the synapse and computes what depends on the cursor. */
  private void body() {
    arrayLocals.forEach(
        (place, local) -> {
          m.visitVarInsn(ALOAD, local);
          m.visitVarInsn(ILOAD, K);
          m.visitVarInsn(ILOAD, BASE);
          m.visitInsn(ISUB);
          m.visitInsn(element(place).getOpcode(IALOAD));
          elements.pop(place);
        });
    for (int i = 0; i < locals.length; i++) {
      Equation e = parts.body().at(i);
      if (e.name().equals(Rows.CURSOR)) {
        m.visitVarInsn(ILOAD, CURSOR);
        elements.pop(i);
      } else if (parts.changing()[i] == 2 && e.op().isElementwise()) {
        elements.compute(i);
      }
    }
  }

  private void leave(Label label, boolean finished) {
    m.visitLabel(label);
    for (int i = 0; i < 2; i++) {
      m.visitVarInsn(ALOAD, AT);
      m.visitLdcInsn(i);
      m.visitVarInsn(ILOAD, i == 0 ? K : CURSOR);
      m.visitInsn(IASTORE);
    }
    m.visitInsn(finished ? ICONST_1 : ICONST_0);
    m.visitInsn(IRETURN);
  }

  private void output(String name) {
    elements.push(parts.outputs().get(name));
  }

  /** target[column] += increment. */
  private void accumulate(Type element, Runnable increment) {
    m.visitVarInsn(ALOAD, TARGET);
    output(Rows.COLUMN);
    m.visitInsn(DUP2);
    m.visitInsn(element.getOpcode(IALOAD));
    increment.run();
    m.visitInsn(element.getOpcode(IADD));
    m.visitInsn(element.getOpcode(IASTORE));
  }

  private void append() {
    boolean weighted = parts.outputs().containsKey(Rows.WEIGHT);
    m.visitVarInsn(ALOAD, TARGET);
    output(Rows.COLUMN);
    if (weighted) {
      weight(DType.F64);
    }
    m.visitMethodInsn(
        INVOKEVIRTUAL, "spindle/compile/Synapses", "add", weighted ? "(ID)V" : "(I)V", false);
  }

  private void weight(DType dtype) {
    Integer weight = parts.outputs().get(Rows.WEIGHT);
    if (weight == null) {
      elements.constant(dtype, 1);
      return;
    }
    elements.pushAsDouble(weight);
    if (dtype == DType.F32) {
      m.visitInsn(Opcodes.D2F);
    }
  }
}

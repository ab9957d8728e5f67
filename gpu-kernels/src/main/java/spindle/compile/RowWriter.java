package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.DALOAD;
import static org.objectweb.asm.Opcodes.DUP2;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.IASTORE;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.RETURN;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Update;

/** Writes the row loop of {@link Rows}, once per use: count, add, list. */
final class RowWriter {
  private static final int ROW = 1;
  private static final int CHUNK = 2;
  private static final int SCALARS = 3;
  private static final int TARGET = 4;
  private static final int K = 5;
  private static final int CURSOR = 6;
  private static final int FIRST_FREE = 7;
  private static final String LIST = "(II[DLspindle/compile/Synapses;)V";

  private final Program body;
  private final List<String> parameters;
  private final Map<String, Integer> outputs = new HashMap<>();
  private final int[] locals;
  private final ClassWriter type = HiddenClasses.begin("RowLoop", RowKernel.class);
  private MethodVisitor m;
  private Elements elements;

  private RowWriter(Rows rows) {
    this.body = rows.body();
    this.parameters = parameters(rows);
    for (Update u : body.updates()) {
      outputs.put(u.variable(), u.value());
    }
    this.locals = new int[body.equations().size()];
    for (int i = 0; i < locals.length; i++) {
      locals[i] = FIRST_FREE + 2 * i;
    }
  }

  /** The parameters of the rows themselves, in the order of their scalars. */
  static List<String> parameters(Rows rows) {
    Set<String> own = Set.of(Rows.ROW, Rows.CHUNK, Rows.K, Rows.CURSOR);
    return rows.body().parameters().keySet().stream().filter(p -> !own.contains(p)).toList();
  }

  /** The class file of a {@link RowKernel} for lowered rows. */
  static byte[] write(Rows rows) {
    return new RowWriter(rows).write();
  }

  private byte[] write() {
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Type element = Elements.jvm(dtype);
      String signature = "(II[D[" + element.getDescriptor() + ")V";
      method("count", signature, () -> accumulate(element, () -> elements.constant(dtype, 1)));
      method("add", signature, () -> accumulate(element, () -> weight(element)));
    }
    method("list", LIST, () -> append("(I)V", () -> {}));
    method("listWeighted", LIST, () -> append("(ID)V", () -> weight(Type.DOUBLE_TYPE)));
    type.visitEnd();
    return type.toByteArray();
  }

  private void method(String name, String descriptor, Runnable visit) {
    m = type.visitMethod(Opcodes.ACC_PUBLIC, name, descriptor, null, null);
    elements = new Elements(m, body.equations(), locals);
    m.visitCode();
    walk(visit);
    m.visitInsn(RETURN);
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private void walk(Runnable visit) {
    var head = new Label();
    var skip = new Label();
    var end = new Label();
    compute(false);
    m.visitInsn(ICONST_0);
    m.visitVarInsn(ISTORE, K);
    output(Rows.FIRST);
    m.visitVarInsn(ISTORE, CURSOR);
    m.visitLabel(head);
    m.visitVarInsn(ILOAD, CURSOR);
    output(Rows.END);
    m.visitJumpInsn(IF_ICMPGE, end);
    if (outputs.containsKey(Rows.LIMIT)) {
      m.visitVarInsn(ILOAD, K);
      output(Rows.LIMIT);
      m.visitJumpInsn(IF_ICMPGE, end);
    }
    compute(true);
    if (outputs.containsKey(Rows.ACCEPT)) {
      output(Rows.ACCEPT);
      m.visitJumpInsn(IFEQ, skip);
    }
    visit.run();
    m.visitIincInsn(K, 1);
    m.visitLabel(skip);
    output(Rows.NEXT);
    m.visitVarInsn(ISTORE, CURSOR);
    m.visitJumpInsn(GOTO, head);
    m.visitLabel(end);
  }

  /** Computes the equations that do, or do not, change along the row. */
  private void compute(boolean inner) {
    boolean[] changing = changing();
    for (int i = 0; i < locals.length; i++) {
      Equation e = body.at(i);
      if (changing[i] == inner) {
        if (e.op() == Op.PARAM) {
          parameter(i, e.name());
        } else if (e.op().isElementwise()) {
          elements.compute(i);
        }
      }
    }
  }

  private boolean[] changing() {
    var changing = new boolean[locals.length];
    for (int i = 0; i < changing.length; i++) {
      Equation e = body.at(i);
      changing[i] = e.args().stream().anyMatch(a -> changing[a]);
      changing[i] |=
          e.op() == Op.PARAM && (e.name().equals(Rows.K) || e.name().equals(Rows.CURSOR));
    }
    return changing;
  }

  private void parameter(int place, String name) {
    switch (name) {
      case Rows.ROW -> m.visitVarInsn(ILOAD, ROW);
      case Rows.CHUNK -> m.visitVarInsn(ILOAD, CHUNK);
      case Rows.K -> m.visitVarInsn(ILOAD, K);
      case Rows.CURSOR -> m.visitVarInsn(ILOAD, CURSOR);
      default -> {
        m.visitVarInsn(ALOAD, SCALARS);
        m.visitLdcInsn(parameters.indexOf(name));
        m.visitInsn(DALOAD);
        elements.popFromDouble(place);
        return;
      }
    }
    elements.pop(place);
  }

  private void output(String name) {
    elements.push(outputs.get(name));
  }

  /** target[column] += increment. */
  private void accumulate(Type element, Runnable increment) {
    m.visitVarInsn(ALOAD, TARGET);
    output(Rows.COLUMN);
    m.visitInsn(DUP2);
    m.visitInsn(element.getOpcode(IALOAD));
    increment.run();
    m.visitInsn(element.getOpcode(Opcodes.IADD));
    m.visitInsn(element.getOpcode(IASTORE));
  }

  private void append(String descriptor, Runnable more) {
    m.visitVarInsn(ALOAD, TARGET);
    output(Rows.COLUMN);
    more.run();
    m.visitMethodInsn(INVOKEVIRTUAL, "spindle/compile/Synapses", "add", descriptor, false);
  }

  private void weight(Type element) {
    if (!outputs.containsKey(Rows.WEIGHT)) {
      elements.constant(element.equals(Type.FLOAT_TYPE) ? DType.F32 : DType.F64, 1);
      return;
    }
    elements.pushAsDouble(outputs.get(Rows.WEIGHT));
    if (element.equals(Type.FLOAT_TYPE)) {
      m.visitInsn(Opcodes.D2F);
    }
  }
}

package spindle.compile;

import static org.objectweb.asm.Opcodes.AALOAD;
import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.CHECKCAST;
import static org.objectweb.asm.Opcodes.DUP2;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IALOAD;
import static org.objectweb.asm.Opcodes.IASTORE;
import static org.objectweb.asm.Opcodes.ICONST_0;
import static org.objectweb.asm.Opcodes.IFEQ;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.IRETURN;
import static org.objectweb.asm.Opcodes.ISTORE;
import static org.objectweb.asm.Opcodes.ISUB;

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
import spindle.ir.Rows;

/** Writes the walk along rows, once per use. */
final class RowWriter {
  private static final String WALK = "(III[I[Ljava/lang/Object;[Ljava/lang/Object;";

  // Parameters and locals of the walking methods.
  private static final int LANE = 1;
  private static final int LANES = 2;
  private static final int TURNS = 3;
  private static final int AT = 4;
  private static final int VALUES = 5;
  private static final int DRAWS = 6;
  private static final int TARGET = 7;
  private static final int NUMBER = 8;
  private static final int CURSOR = 9;
  private static final int SHIFT = 10;
  private static final int STOP = 11;
  private static final int LISTED = 12;
  private static final int TURNED = 13;
  private static final int FIRST_FREE = 14;

  private final RowParts parts;
  private final List<Integer> values;
  private final List<Integer> draws;
  private final int[] locals;
  private final ClassWriter type = HiddenClasses.begin("RowLoop", RowKernel.class);
  private final Map<Integer, Integer> arrayLocals = new HashMap<>();
  private MethodVisitor m;
  private Elements elements;

  private RowWriter(RowParts parts) {
    this.parts = parts;
    this.values = parts.readByWalk(RowParts.ROW);
    this.draws = parts.readByWalk(RowParts.TURN);
    this.locals = new int[parts.floor().length];
    for (int i = 0; i < locals.length; i++) {
      locals[i] = FIRST_FREE + 2 * i;
    }
  }

  /** The class file of a {@link RowKernel}. */
  static byte[] write(RowParts parts) {
    return new RowWriter(parts).write();
  }

  private byte[] write() {
    first();
    walk("count", "[F", () -> increment(Type.FLOAT_TYPE, DType.F32));
    walk("count", "[D", () -> increment(Type.DOUBLE_TYPE, DType.F64));
    walk("count", "[S", () -> increment(Type.SHORT_TYPE, DType.I32));
    walk("list", "[I", this::append);
    type.visitEnd();
    return type.toByteArray();
  }

  private void method(String name, String descriptor) {
    m = type.visitMethod(Opcodes.ACC_PUBLIC, name, descriptor, null, null);
    elements = new Elements(m, parts.body().equations(), locals);
    arrayLocals.clear();
    m.visitCode();
  }

  private void end() {
    m.visitMaxs(0, 0);
    m.visitEnd();
  }

  private void first() {
    method("first", "(I[Ljava/lang/Object;)I");
    int place = parts.outputs().get(Rows.FIRST);
    if (values.contains(place)) {
      m.visitVarInsn(ALOAD, 2);
      element(values.indexOf(place), place);
      m.visitVarInsn(ILOAD, 1);
      m.visitInsn(IALOAD);
    } else {
      elements.push(place);
    }
    m.visitInsn(IRETURN);
    end();
  }

  /** Array {@code number} of those on the stack. */
  private void element(int number, int place) {
    m.visitLdcInsn(number);
    m.visitInsn(AALOAD);
    m.visitTypeInsn(CHECKCAST, "[" + jvm(place).getDescriptor());
  }

  private Type jvm(int place) {
    return Elements.jvm(parts.body().at(place).type().dtype());
  }

  private void walk(String name, String target, Runnable visit) {
    method(name, WALK + target + ")I");
    arrays(VALUES, values);
    arrays(DRAWS, draws);
    pull(RowKernel.LISTED, LISTED);
    pull(RowKernel.TURNED, TURNED);
    var row = new Label();
    var finished = new Label();
    var pause = new Label();
    var done = new Label();
    m.visitLabel(row);
    unlessBelow(() -> m.visitVarInsn(ILOAD, LANE), () -> m.visitVarInsn(ILOAD, LANES), finished);
    beginRow();
    turns(visit, pause, done);
    m.visitLabel(done);
    tally();
    m.visitIincInsn(LANE, 1);
    m.visitJumpInsn(GOTO, row);
    m.visitLabel(pause);
    tally();
    push(RowKernel.NUMBER, NUMBER);
    push(RowKernel.CURSOR, CURSOR);
    m.visitLabel(finished);
    push(RowKernel.LISTED, LISTED);
    push(RowKernel.TURNED, TURNED);
    m.visitVarInsn(ILOAD, LANE);
    m.visitInsn(IRETURN);
    end();
  }

  /**
   * The turns of a row. Where the number of synapses numbers the turns, a turn without a synapse
   * leaves the loop and enters it again, so that C2 sees a loop that counts.
   */
  private void turns(Runnable visit, Label pause, Label done) {
    var again = new Label();
    var head = new Label();
    var skip = new Label();
    m.visitLabel(again);
    unlessBelow(() -> m.visitVarInsn(ILOAD, CURSOR), () -> output(Rows.END), done);
    m.visitLabel(head);
    if (parts.outputs().containsKey(Rows.LIMIT)) {
      unlessBelow(() -> m.visitVarInsn(ILOAD, NUMBER), () -> output(Rows.LIMIT), done);
    }
    unlessBelow(this::turn, () -> m.visitVarInsn(ILOAD, STOP), pause);
    body();
    accept(skip);
    visit.run();
    m.visitIincInsn(NUMBER, 1);
    if (parts.counting()) {
      m.visitLabel(skip);
    }
    advance();
    unlessBelow(() -> m.visitVarInsn(ILOAD, CURSOR), () -> output(Rows.END), done);
    m.visitJumpInsn(GOTO, head);
    if (!parts.counting()) {
      m.visitLabel(skip);
      advance();
      m.visitJumpInsn(GOTO, again);
    }
  }

  /** Passes over a turn without a synapse; a sign that is taken of a difference is a comparison. */
  private void accept(Label skip) {
    Integer place = parts.outputs().get(Rows.ACCEPT);
    if (place == null) {
      return;
    }
    Integer difference = parts.isSign(place) ? parts.body().at(place).args().get(0) : null;
    if (difference != null && !draws.contains(place)) {
      elements.push(parts.body().at(difference).args().get(0));
      elements.push(parts.body().at(difference).args().get(1));
      m.visitJumpInsn(IF_ICMPGE, skip);
    } else {
      output(Rows.ACCEPT);
      m.visitJumpInsn(IFEQ, skip);
    }
  }

  private void advance() {
    if (parts.counting()) {
      m.visitIincInsn(CURSOR, 1);
    } else {
      output(Rows.NEXT);
      m.visitVarInsn(ISTORE, CURSOR);
    }
  }

  /** What numbers the turns of a row. */
  private void turn() {
    m.visitVarInsn(ILOAD, parts.counting() ? CURSOR : NUMBER);
  }

  /** Adds the turns since the row began or was taken up again. */
  private void tally() {
    m.visitVarInsn(ILOAD, TURNED);
    turn();
    m.visitInsn(IADD);
    m.visitVarInsn(ILOAD, STOP);
    m.visitInsn(ISUB);
    m.visitVarInsn(ILOAD, TURNS);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, TURNED);
  }

  /** Sets the start of a row, or takes up where the last call left off; then fetches its values. */
  private void beginRow() {
    var fresh = new Label();
    var begun = new Label();
    at(RowKernel.RESUME);
    m.visitInsn(IALOAD);
    m.visitJumpInsn(IFEQ, fresh);
    at(RowKernel.RESUME);
    m.visitInsn(ICONST_0);
    m.visitInsn(IASTORE);
    pull(RowKernel.NUMBER, NUMBER);
    pull(RowKernel.CURSOR, CURSOR);
    pull(RowKernel.OFFSET, SHIFT);
    m.visitJumpInsn(GOTO, begun);
    m.visitLabel(fresh);
    firstOfRow();
    m.visitLabel(begun);
    turn();
    m.visitVarInsn(ILOAD, TURNS);
    m.visitInsn(IADD);
    m.visitVarInsn(ISTORE, STOP);
    m.visitVarInsn(ILOAD, SHIFT);
    turn();
    m.visitInsn(ISUB);
    m.visitVarInsn(ISTORE, SHIFT);
    values.forEach(place -> fetch(place, () -> m.visitVarInsn(ILOAD, LANE)));
  }

  private void firstOfRow() {
    m.visitInsn(ICONST_0);
    m.visitVarInsn(ISTORE, NUMBER);
    m.visitVarInsn(ALOAD, 0);
    m.visitVarInsn(ILOAD, LANE);
    m.visitVarInsn(ALOAD, VALUES);
    m.visitMethodInsn(
        Opcodes.INVOKEINTERFACE,
        "spindle/compile/RowKernel",
        "first",
        "(I[Ljava/lang/Object;)I",
        true);
    m.visitVarInsn(ISTORE, CURSOR);
    m.visitVarInsn(ILOAD, LANE);
    m.visitVarInsn(ILOAD, TURNS);
    m.visitInsn(IMUL);
    m.visitVarInsn(ISTORE, SHIFT);
  }

  private void arrays(int from, List<Integer> places) {
    for (int place : places) {
      int local = FIRST_FREE + 2 * locals.length + arrayLocals.size();
      m.visitVarInsn(ALOAD, from);
      element(places.indexOf(place), place);
      m.visitVarInsn(ASTORE, local);
      arrayLocals.put(place, local);
    }
  }

  private void fetch(int place, Runnable index) {
    m.visitVarInsn(ALOAD, arrayLocals.get(place));
    index.run();
    m.visitInsn(jvm(place).getOpcode(IALOAD));
    elements.pop(place);
  }

  private void unlessBelow(Runnable a, Runnable b, Label target) {
    a.run();
    b.run();
    m.visitJumpInsn(IF_ICMPGE, target);
  }

  /** Fetches the draws of the turn and computes what depends on the cursor. */
  private void body() {
    for (int place : draws) {
      fetch(
          place,
          () -> {
            turn();
            m.visitVarInsn(ILOAD, SHIFT);
            m.visitInsn(IADD);
          });
    }
    for (int i : parts.walked()) {
      Equation e = parts.body().at(i);
      if (e.name().equals(Rows.CURSOR) || e.name().equals(Rows.K)) {
        m.visitVarInsn(ILOAD, e.name().equals(Rows.K) ? NUMBER : CURSOR);
        elements.pop(i);
      } else if (e.op().isElementwise() && !isCompared(i)) {
        elements.compute(i);
      }
    }
  }

  private boolean isCompared(int place) {
    Integer accept = parts.outputs().get(Rows.ACCEPT);
    return accept != null && accept == place && parts.isSign(place);
  }

  private void at(int index) {
    m.visitVarInsn(ALOAD, AT);
    m.visitLdcInsn(index);
  }

  private void pull(int index, int local) {
    at(index);
    m.visitInsn(IALOAD);
    m.visitVarInsn(ISTORE, local);
  }

  private void push(int index, int local) {
    at(index);
    m.visitVarInsn(ILOAD, local);
    m.visitInsn(IASTORE);
  }

  private void output(String name) {
    elements.push(parts.outputs().get(name));
  }

  /** target[column] += 1, added as another type where the elements' has no addition. */
  private void increment(Type element, DType dtype) {
    m.visitVarInsn(ALOAD, TARGET);
    output(Rows.COLUMN);
    m.visitInsn(DUP2);
    m.visitInsn(element.getOpcode(IALOAD));
    elements.constant(dtype, 1);
    m.visitInsn(Elements.jvm(dtype).getOpcode(IADD));
    m.visitInsn(element.getOpcode(IASTORE));
  }

  /** target[listed++] = column. */
  private void append() {
    m.visitVarInsn(ALOAD, TARGET);
    m.visitVarInsn(ILOAD, LISTED);
    output(Rows.COLUMN);
    m.visitInsn(IASTORE);
    m.visitIincInsn(LISTED, 1);
  }
}

package spindle.compile;

import static org.objectweb.asm.Opcodes.ALOAD;
import static org.objectweb.asm.Opcodes.ASTORE;
import static org.objectweb.asm.Opcodes.GOTO;
import static org.objectweb.asm.Opcodes.IADD;
import static org.objectweb.asm.Opcodes.IF_ICMPGE;
import static org.objectweb.asm.Opcodes.ILOAD;
import static org.objectweb.asm.Opcodes.IMUL;
import static org.objectweb.asm.Opcodes.INVOKESTATIC;
import static org.objectweb.asm.Opcodes.INVOKEVIRTUAL;
import static org.objectweb.asm.Opcodes.ISTORE;
import static spindle.compile.VectorCalls.FLOATS;
import static spindle.compile.VectorCalls.SPECIES;
import static spindle.compile.VectorCalls.VECTOR;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The one method of a class, written with vectors of floats that stay in local variables. */
final class FloatCode {
  private static final String SELF = "L" + FLOATS + ";";

  private final ClassWriter type;
  private final MethodVisitor m;
  private final int lanes;
  private int next;

  /** What is written: a class of some name with the one method of an interface. */
  record Method(String name, Class<?> kernel, String descriptor, int arguments) {}

  FloatCode(Method method, int lanes) {
    this.lanes = lanes;
    type = HiddenClasses.begin(method.name, method.kernel);
    m = type.visitMethod(Opcodes.ACC_PUBLIC, "run", method.descriptor, null, null);
    m.visitCode();
    next = 1 + method.arguments;
  }

  /** Of the method, for what no method here writes. */
  MethodVisitor visitor() {
    return m;
  }

  /** A new local variable. */
  int local() {
    return next++;
  }

  /** Pushes an element of an array, a number of places behind a local variable. */
  void element(int array, int at, int offset, int instruction) {
    m.visitVarInsn(ALOAD, array);
    m.visitVarInsn(ILOAD, at);
    if (offset > 0) {
      m.visitLdcInsn(offset);
      m.visitInsn(IADD);
    }
    m.visitInsn(instruction);
  }

  private void add() {
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "add", "(" + VECTOR + ")" + SELF, false);
  }

  /** The class file of a method that returns nothing. */
  byte[] finish() {
    m.visitInsn(Opcodes.RETURN);
    return classFile();
  }

  /** The class file of a method that returns a local variable. */
  byte[] finish(int result) {
    m.visitVarInsn(ILOAD, result);
    m.visitInsn(Opcodes.IRETURN);
    return classFile();
  }

  private byte[] classFile() {
    m.visitMaxs(0, 0);
    m.visitEnd();
    type.visitEnd();
    return type.toByteArray();
  }

  /** So many new local variables. */
  int[] locals(int count) {
    var places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = next++;
    }
    return places;
  }

  /** Locals that hold first, first + stride, first + 2 stride, ...; without a first from 0. */
  int[] offsets(int count, int stride, int first) {
    int[] places = locals(count);
    offsets(places, stride, first);
    return places;
  }

  /** The same in local variables that there are. */
  void offsets(int[] places, int stride, int first) {
    for (int r = 0; r < places.length; r++) {
      place(places[r], first, stride, r);
    }
  }

  /** A new local variable that holds 0. */
  int zero() {
    m.visitInsn(Opcodes.ICONST_0);
    m.visitVarInsn(ISTORE, next);
    return next++;
  }

  /** Writes a loop that counts a local variable up to another. */
  void loop(int counter, int end, int by, Runnable body) {
    var head = new Label();
    var done = new Label();
    m.visitLabel(head);
    m.visitVarInsn(ILOAD, counter);
    m.visitVarInsn(ILOAD, end);
    m.visitJumpInsn(IF_ICMPGE, done);
    body.run();
    m.visitIincInsn(counter, by);
    m.visitJumpInsn(GOTO, head);
    m.visitLabel(done);
  }

  /** Pushes the sum of two local variables, or the first alone. */
  void sum(int first, int second) {
    m.visitVarInsn(ILOAD, first);
    if (second >= 0) {
      m.visitVarInsn(ILOAD, second);
      m.visitInsn(IADD);
    }
  }

  /** Pushes the index of vector {@code v} behind a place. */
  private void index(int at, int offset, int v) {
    sum(at, offset);
    if (v > 0) {
      m.visitLdcInsn(v * lanes);
      m.visitInsn(IADD);
    }
  }

  /** Pushes vector {@code v} behind a place of an array. */
  void load(int array, int at, int offset, int v) {
    species();
    m.visitVarInsn(ALOAD, array);
    index(at, offset, v);
    m.visitMethodInsn(INVOKESTATIC, FLOATS, "fromArray", "(" + SPECIES + "[FI)" + SELF, false);
  }

  /** Keeps vectors behind a place of an array in local variables, from vector {@code first} on. */
  void hold(int[] held, int array, int at, int offset, int first) {
    for (int v = 0; v < held.length; v++) {
      load(array, at, offset, first + v);
      m.visitVarInsn(ASTORE, held[v]);
    }
  }

  /** {@code place = from + k * size}, all but size local variables; without a from k * size. */
  void place(int place, int from, int k, int size) {
    m.visitVarInsn(ILOAD, k);
    m.visitLdcInsn(size);
    m.visitInsn(IMUL);
    if (from >= 0) {
      m.visitVarInsn(ILOAD, from);
      m.visitInsn(IADD);
    }
    m.visitVarInsn(ISTORE, place);
  }

  /**
   * Checks an array for null ahead of a loop, or compilers since JDK 21 keep it twice in there, as
   * it was before a check and after, for which they have too few registers.
   */
  void touch(int array) {
    m.visitVarInsn(ALOAD, array);
    m.visitInsn(Opcodes.ARRAYLENGTH);
    m.visitInsn(Opcodes.POP);
  }

  /** Where sums go: locals of the array and a place in it, of the offset of each row. */
  record Target(int array, int at, int[] offsets, int vectors) {}

  /** Pushes what stands where a sum goes. */
  void load(Target t, int i) {
    load(t.array, t.at, t.offsets[i / t.vectors], i % t.vectors);
  }

  /** Begins sums at 0 if they are to be added in one piece, else at what stands there. */
  void begin(int[] sums, Target t, boolean added) {
    for (int i = 0; i < sums.length; i++) {
      if (added) {
        broadcast(() -> m.visitInsn(Opcodes.FCONST_0));
      } else {
        load(t, i);
      }
      m.visitVarInsn(ASTORE, sums[i]);
    }
  }

  /** Writes the sums to where they go, or adds them there. */
  void end(int[] sums, Target t, boolean added) {
    for (int i = 0; i < sums.length; i++) {
      m.visitVarInsn(ALOAD, sums[i]);
      if (added) {
        broadcast(() -> m.visitInsn(Opcodes.FCONST_0));
        add();
        load(t, i);
        add();
      }
      store(t, i);
    }
  }

  /** Writes the vector on the stack to where a sum goes. */
  void store(Target t, int i) {
    m.visitVarInsn(ALOAD, t.array);
    index(t.at, t.offsets[i / t.vectors], i % t.vectors);
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "intoArray", "([FI)V", false);
  }

  private void species() {
    String name = "SPECIES_" + (lanes == Jvm.lanes() ? "PREFERRED" : lanes * Float.SIZE);
    m.visitFieldInsn(Opcodes.GETSTATIC, FLOATS, name, SPECIES);
  }

  /** Pushes a vector of one element, which is pushed first. */
  void broadcast(Runnable element) {
    species();
    element.run();
    m.visitMethodInsn(INVOKESTATIC, FLOATS, "broadcast", "(" + SPECIES + "F)" + SELF, false);
  }

  /** sum = factor * held + sum for the factor on the stack and all that is held. */
  void fma(int[] held, int[] sums, int first) {
    for (int v = 0; v < held.length; v++) {
      if (v + 1 < held.length) {
        m.visitInsn(Opcodes.DUP);
      }
      fma(held[v], sums[first + v]);
      m.visitVarInsn(ASTORE, sums[first + v]);
    }
  }

  /** Pushes factor * held + sum for the factor on the stack. */
  void fma(int held, int sum) {
    m.visitVarInsn(ALOAD, held);
    m.visitVarInsn(ALOAD, sum);
    m.visitMethodInsn(INVOKEVIRTUAL, FLOATS, "fma", "(" + VECTOR + VECTOR + ")" + SELF, false);
  }

  /** Pushes the sum of two vectors. */
  void plus(int held, int sum) {
    m.visitVarInsn(ALOAD, held);
    m.visitVarInsn(ALOAD, sum);
    add();
  }
}

package spindle.compile;

import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Turns class files made in memory into objects.
 *
 * <p>Hidden classes need no class loader of their own and are unloaded with their last object; one
 * object per distinct source serves every trial of the JVM, because arguments are never baked in.
 */
final class HiddenClasses {
  private static final ConcurrentHashMap<String, Object> KNOWN = new ConcurrentHashMap<>();
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private HiddenClasses() {}

  /** The object for a source, made on first use. */
  static <T> T instance(String source, Class<T> type, Supplier<byte[]> writer) {
    return type.cast(KNOWN.computeIfAbsent(source, s -> define(writer.get())));
  }

  /** A class of this package with a constructor and nothing else yet. */
  static ClassWriter begin(String name, Class<?> type) {
    var writer = new Frames();
    writer.visit(
        Opcodes.V17,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER,
        "spindle/compile/" + name,
        null,
        "java/lang/Object",
        new String[] {org.objectweb.asm.Type.getInternalName(type)});
    MethodVisitor init = writer.visitMethod(0, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(0, 0);
    init.visitEnd();
    return writer;
  }

  private static Object define(byte[] classFile) {
    try {
      MethodHandles.Lookup hidden = LOOKUP.defineHiddenClass(classFile, true);
      var constructor = hidden.lookupClass().getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("a generated class was refused", e);
    }
  }

  /** Computes stack map frames; generated code merges no object types but Object. */
  private static final class Frames extends ClassWriter {
    Frames() {
      super(COMPUTE_FRAMES);
    }

    @Override
    protected String getCommonSuperClass(String a, String b) {
      return a.equals(b) ? a : "java/lang/Object";
    }
  }
}

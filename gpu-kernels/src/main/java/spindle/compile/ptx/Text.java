package spindle.compile.ptx;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import spindle.ir.DType;

/** The body of one kernel while it is written: instructions, registers and labels. */
final class Text {
  /** Registers that may be taken for what stays as it is from beginning to end. */
  private static final int MOST_CONSTANTS = 16;

  /** The lanes of a warp that take part in what they do together: all. */
  static final String WHOLE_WARP = "0xffffffff";

  private final StringBuilder beginning = new StringBuilder();
  private final Map<Object, String> constants = new HashMap<>();
  private StringBuilder body = new StringBuilder();
  private int begins = -1;
  private int predicates;
  private int words;
  private int longs;
  private int floats;
  private int doubles;
  private int labels;

  /** A new predicate register. */
  String predicate() {
    return "%p" + predicates++;
  }

  /** A new 32-bit register. */
  String word() {
    return "%r" + words++;
  }

  /** A new 64-bit register, for addresses. */
  String address() {
    return "%d" + longs++;
  }

  /** A new register for an element. */
  String register(DType dtype) {
    return switch (dtype) {
      case F32 -> "%f" + floats++;
      case F64 -> "%g" + doubles++;
      case I32 -> word();
      case EVENTS -> throw new IllegalArgumentException("events are no elements");
    };
  }

  /** How instructions name an element type. */
  static String type(DType dtype) {
    return switch (dtype) {
      case F32 -> "f32";
      case F64 -> "f64";
      case I32 -> "s32";
      case EVENTS -> throw new IllegalArgumentException("events are no elements");
    };
  }

  /** A constant as an operand; floats by their bits. */
  static String constant(DType dtype, double value) {
    return switch (dtype) {
      case F32 -> String.format("0f%08X", Float.floatToRawIntBits((float) value));
      case F64 -> String.format("0d%016X", Double.doubleToRawLongBits(value));
      case I32 -> Integer.toString((int) value);
      case EVENTS -> throw new IllegalArgumentException("no constant events");
    };
  }

  /** A new name of a place in the code. */
  String label() {
    return "L" + labels++;
  }

  /** Marks a place in the code. */
  void place(String label) {
    body.append(label).append(":\n");
  }

  /** Says that what comes may be done more than once, and what never changes is found here. */
  void begin() {
    begins = body.length();
  }

  /**
   * A 32-bit register that holds the same from the beginning on: written there once, while there
   * are registers for it, else where it is wanted.
   *
   * @param key what it holds
   * @param writer writes instructions without jumps
   */
  String constant(Object key, Supplier<String> writer) {
    String known = constants.get(key);
    if (known != null) {
      return known;
    }
    if (begins < 0 || constants.size() == MOST_CONSTANTS) {
      return writer.get();
    }
    StringBuilder here = body;
    body = beginning;
    String register = writer.get();
    body = here;
    constants.put(key, register);
    return register;
  }

  /** An instruction. */
  void add(String mnemonic, String... operands) {
    body.append("  ").append(mnemonic);
    if (operands.length > 0) {
      body.append(' ').append(String.join(", ", operands));
    }
    body.append(";\n");
  }

  /** A jump where a predicate holds. */
  void jumpIf(String predicate, String label) {
    add("@" + predicate + " bra", label);
  }

  /** A jump. */
  void jump(String label) {
    add("bra", label);
  }

  /** An instruction that yields a new 32-bit register. */
  String word(String mnemonic, String... operands) {
    return result(word(), mnemonic, operands);
  }

  /** An instruction that yields a new 64-bit register. */
  String address(String mnemonic, String... operands) {
    return result(address(), mnemonic, operands);
  }

  /** An instruction that yields a new register for an element. */
  String register(DType dtype, String mnemonic, String... operands) {
    return result(register(dtype), mnemonic, operands);
  }

  /** A new register for an element, which is 0. */
  String zero(DType dtype) {
    return register(dtype, "mov." + type(dtype), constant(dtype, 0));
  }

  /** What one lane of a warp has, in all of them; the whole warp must come here. */
  String broadcast(String x, String lane) {
    return word("shfl.sync.idx.b32", x, lane, "0x1f", WHOLE_WARP);
  }

  /** A comparison. */
  String test(String mnemonic, String a, String b) {
    return result(predicate(), mnemonic, a, b);
  }

  private String result(String to, String mnemonic, String... operands) {
    var all = new String[operands.length + 1];
    all[0] = to;
    System.arraycopy(operands, 0, all, 1, operands.length);
    add(mnemonic, all);
    return to;
  }

  /**
   * The kernel of this body.
   *
   * @param directives how it must be launched, or empty
   */
  String kernel(String name, String directives) {
    var text = new StringBuilder();
    text.append(".visible .entry ").append(name).append("(.param .u64 arenas)\n");
    text.append(directives).append("{\n");
    declare(text, "pred", "%p", predicates);
    declare(text, "b32", "%r", words);
    declare(text, "b64", "%d", longs);
    declare(text, "f32", "%f", floats);
    declare(text, "f64", "%g", doubles);
    int at = Math.max(0, begins);
    text.append(body, 0, at).append(beginning).append(body, at, body.length());
    return text.append("  ret;\n}\n").toString();
  }

  private static void declare(StringBuilder text, String type, String prefix, int count) {
    if (count > 0) {
      text.append("  .reg .").append(type).append(' ').append(prefix);
      text.append('<').append(count).append(">;\n");
    }
  }
}

package spindle.compile.ptx;

import java.util.function.Consumer;
import spindle.ir.DType;

/** What a product multiplies, element by element. */
interface Input {
  /**
   * Writes what is to be done where element {@code index} is not 0.
   *
   * @param use takes the register of the element, or empty for 1
   */
  void where(Frame f, String index, Consumer<String> use);

  /** A vector in the arena. */
  static Input vector(int offset, DType dtype) {
    return (f, index, use) -> {
      Text t = f.t();
      String x = f.load(dtype, f.at(f.base(), index, dtype.bytes()), offset);
      String zero = t.label();
      t.jumpIf(t.test("setp.eq." + Text.type(dtype), x, Text.constant(dtype, 0)), zero);
      use.accept(x);
      t.place(zero);
    };
  }

  /** The bits of a list. */
  static Input events(Lists lists, Lists.Place list) {
    return (f, index, use) -> {
      Text t = f.t();
      String set = lists.isSet(f, list, index);
      String none = t.label();
      t.add("@!" + set + " bra", none);
      use.accept("");
      t.place(none);
    };
  }

  /** sum + x w, rounded once, where an empty operand is 1. */
  static void add(Frame f, DType dtype, String sum, String x, String w) {
    Text t = f.t();
    String type = Text.type(dtype);
    if (!x.isEmpty() && !w.isEmpty()) {
      t.add("fma.rn." + type, sum, x, w, sum);
    } else {
      String one = Text.constant(dtype, 1);
      String addend = x.isEmpty() ? w.isEmpty() ? one : w : x;
      t.add("add.rn." + type, sum, sum, addend);
    }
  }
}

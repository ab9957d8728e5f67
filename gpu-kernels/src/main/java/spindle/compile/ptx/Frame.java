package spindle.compile.ptx;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import spindle.ir.DType;

/**
 * What all stages of a kernel find: the text, the arena and their share of the work.
 *
 * @param space where the arena is: global or shared
 * @param base address of the arena
 * @param scratch address of the shared words of a scan
 * @param first number of this thread among those that share the work
 * @param stride how many these are
 * @param step number of the step
 * @param tick steps run before
 * @param row steps recorded before
 */
record Frame(
    Text t,
    String space,
    String base,
    String scratch,
    String first,
    String stride,
    String step,
    String tick,
    String row) {
  /** Bytes of {@link #scratch}. */
  static final int SCRATCH = 128;

  /** The same with another share of the work. */
  Frame withShare(String first, String stride) {
    return new Frame(t, space, base, scratch, first, stride, step, tick, row);
  }

  /** Writes a loop over {@code [0, n)} shared by all threads. */
  void each(String n, Consumer<String> body) {
    range(first, stride, n, body);
  }

  /** Writes a loop over {@code [0, n)} shared by all threads. */
  void each(int n, Consumer<String> body) {
    if (n > 0) {
      each(Integer.toString(n), body);
    }
  }

  /** Writes a loop. */
  void range(String from, String stride, String to, Consumer<String> body) {
    String i = t.word();
    String end = t.label();
    String head = t.label();
    t.add("mov.b32", i, from);
    t.jumpIf(t.test("setp.ge.s32", i, to), end);
    t.place(head);
    body.accept(i);
    t.add("add.s32", i, i, stride);
    t.jumpIf(t.test("setp.lt.s32", i, to), head);
    t.place(end);
  }

  /** Writes what one thread does. */
  void once(Runnable body) {
    String end = t.label();
    t.jumpIf(t.test("setp.ne.s32", first, "0"), end);
    body.run();
    t.place(end);
  }

  /** Element {@code index} of elements of some size at an address. */
  String at(String address, String index, int size) {
    return t.address("mad.wide.s32", index, Integer.toString(size), address);
  }

  /** The time, in steps. */
  String time() {
    return t.register(DType.F64, "cvt.rn.f64.s32", step);
  }

  /** The address of a place in the arena. */
  String place(int offset) {
    return t.address("add.s64", base, Integer.toString(offset));
  }

  /** Loads from the arena. */
  String load(DType dtype, String address, int offset) {
    String x = t.register(dtype);
    t.add("ld." + space + "." + Text.type(dtype), x, "[" + address + "+" + offset + "]");
    return x;
  }

  /** Stores into the arena. */
  void store(DType dtype, String address, int offset, String x) {
    t.add("st." + space + "." + Text.type(dtype), "[" + address + "+" + offset + "]", x);
  }

  /** Loads from a table, which is always in global memory. */
  String fetch(DType dtype, String address, int offset) {
    String x = t.register(dtype);
    t.add("ld.global." + Text.type(dtype), x, "[" + address + "+" + offset + "]");
    return x;
  }

  /** The address of a table. */
  String table(int offset) {
    String address = t.address();
    t.add("ld." + space + ".u64", address, "[" + base + "+" + offset + "]");
    return address;
  }

  /** A scalar that no step changes, as a type. */
  String constant(int offset, DType as) {
    Supplier<String> load = () -> Elements.cast(t, load(DType.F64, base, offset), DType.F64, as);
    // One that needs no conversion is not worth two registers.
    return as == DType.F64 ? load.get() : t.constant(List.of(offset, as), load);
  }
}

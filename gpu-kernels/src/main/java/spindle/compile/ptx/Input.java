package spindle.compile.ptx;

import java.util.function.BiConsumer;
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

  /**
   * Writes what is to be done for each source that is not 0 in a member of the batch, in ascending
   * order.
   *
   * @param use takes the source and what {@link #where} gives
   */
  default void each(Frame f, Product p, String member, BiConsumer<String, String> use) {
    String sources = Integer.toString(p.direction().sources(p.rows()));
    f.range("0", "1", sources, s -> where(f, p.element(f.t(), s, member), x -> use.accept(s, x)));
  }

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

  /** The events of a list. */
  record Events(Lists lists, Lists.Place list) implements Input {
    @Override
    public void where(Frame f, String index, Consumer<String> use) {
      Text t = f.t();
      String set = lists.isSet(f, list, index);
      String none = t.label();
      t.add("@!" + set + " bra", none);
      use.accept("");
      t.place(none);
    }

    @Override
    public void each(Frame f, Product p, String member, BiConsumer<String, String> use) {
      Text t = f.t();
      f.range(
          "0",
          "1",
          lists.count(f, list),
          e -> {
            String[] source = p.split(t, lists.event(f, list, e));
            String other = t.label();
            if (p.batch() > 1) {
              t.jumpIf(t.test("setp.ne.s32", source[1], member), other);
            }
            use.accept(source[0], "");
            t.place(other);
          });
    }
  }
}

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

  /** Number of sources that come in turn, in ascending order. */
  String count(Frame f, Product p);

  /** Writes what is to be done for a source in turn, where it is not 0. */
  void turn(Frame f, Product p, String k, Consumer<Source> use);

  /** Whether a source comes once for all members of the batch. */
  boolean isShared(Product p);

  /**
   * A source in turn.
   *
   * @param member of the batch
   * @param x what {@link #where} gives, if it does not come for all members
   */
  record Source(String neuron, String member, String x) {}

  /** A vector in the arena. */
  record Vector(int offset, DType dtype) implements Input {
    @Override
    public void where(Frame f, String index, Consumer<String> use) {
      Text t = f.t();
      String x = f.load(dtype, f.at(f.base(), index, dtype.bytes()), offset);
      String zero = t.label();
      t.jumpIf(t.test("setp.eq." + Text.type(dtype), x, Text.constant(dtype, 0)), zero);
      use.accept(x);
      t.place(zero);
    }

    @Override
    public String count(Frame f, Product p) {
      return Integer.toString(p.direction().sources(p.rows()));
    }

    @Override
    public void turn(Frame f, Product p, String k, Consumer<Source> use) {
      if (isShared(p)) {
        use.accept(new Source(k, "0", ""));
      } else {
        where(f, k, x -> use.accept(new Source(k, "0", x)));
      }
    }

    @Override
    public boolean isShared(Product p) {
      return p.batch() > 1;
    }
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
    public String count(Frame f, Product p) {
      return lists.count(f, list);
    }

    @Override
    public void turn(Frame f, Product p, String k, Consumer<Source> use) {
      lists.event(
          f,
          list,
          k,
          event -> {
            String[] source = p.split(f.t(), event);
            use.accept(new Source(source[0], source[1], ""));
          });
    }

    @Override
    public boolean isShared(Product p) {
      return false;
    }
  }
}

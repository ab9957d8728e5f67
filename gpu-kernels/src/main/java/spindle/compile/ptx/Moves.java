package spindle.compile.ptx;

import spindle.compile.Layout;
import spindle.compile.Stage;
import spindle.ir.DType;

/** Writes what moves elements of vectors to other places. */
record Moves(Frame f, Layout layout, Arena arena) {
  private DType dtype(int array) {
    return layout.arrays().get(array).dtype();
  }

  private int length(int array) {
    return layout.arrays().get(array).length();
  }

  private String load(int array, String i) {
    DType d = dtype(array);
    return f.load(d, f.at(f.base(), i, d.bytes()), arena.array(array));
  }

  private void store(int array, String i, String x) {
    DType d = dtype(array);
    f.store(d, f.at(f.base(), i, d.bytes()), arena.array(array), x);
  }

  void copy(Stage.Copy s) {
    f.each(length(s.to()), i -> store(s.to(), i, load(s.from(), i)));
  }

  void pick(Stage.Pick s) {
    f.each(length(s.target()), i -> store(s.target(), i, load(s.vector(), load(s.index(), i))));
  }

  void pad(Stage.Pad s) {
    Text t = f.t();
    DType d = dtype(s.target());
    f.each(
        length(s.target()),
        i -> {
          String x = t.zero(d);
          String from = t.word("sub.s32", i, Integer.toString(s.offset()));
          String outside = t.label();
          t.jumpIf(t.test("setp.lt.s32", from, "0"), outside);
          t.jumpIf(t.test("setp.ge.s32", from, Integer.toString(length(s.vector()))), outside);
          t.add("mov." + Text.type(d), x, load(s.vector(), from));
          t.place(outside);
          store(s.target(), i, x);
        });
  }

  /** Sums a vector from left to right. */
  void total(Stage.Total s) {
    Text t = f.t();
    DType d = dtype(s.vector());
    String sum = t.zero(d);
    f.range(
        "0",
        "1",
        Integer.toString(length(s.vector())),
        i -> t.add("add.rn." + Text.type(d), sum, sum, load(s.vector(), i)));
    String wide = sum;
    if (d == DType.F32) {
      wide = t.register(DType.F64);
      t.add("cvt.f64.f32", wide, sum);
    }
    f.store(DType.F64, f.base(), arena.slot(s.slot()), wide);
  }

  /** Adds elements in order at computed indices of zeros. */
  void scatter(Stage.Scatter s) {
    Text t = f.t();
    DType d = dtype(s.target());
    f.range(
        "0",
        "1",
        Integer.toString(length(s.vector())),
        i -> {
          String at = load(s.index(), i);
          String sum = t.register(d);
          t.add("add.rn." + Text.type(d), sum, load(s.target(), at), load(s.vector(), i));
          store(s.target(), at, sum);
        });
  }
}

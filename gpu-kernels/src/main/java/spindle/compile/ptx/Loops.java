package spindle.compile.ptx;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import spindle.compile.Layout;
import spindle.compile.Loop;
import spindle.compile.Stage;
import spindle.ir.DType;
import spindle.ir.Op;
import spindle.ir.Type;

/** Writes loops over elements: an element per thread, all its equations at once. */
final class Loops {
  /** The first number whose float32 neighbours are 1 apart, and its bits. */
  private static final double FIRST_WHOLE = 1 << 23;

  private static final String FIRST_WHOLE_BITS = "0x4b000000";

  private final Layout layout;
  private final Arena arena;
  private final Lists lists;
  private final Scalars scalars;
  private final Predicate<Integer> ordered;

  /**
   * @param ordered lists that are put in order later; the others are made in any
   */
  Loops(Layout layout, Arena arena, Lists lists, Scalars scalars, Predicate<Integer> ordered) {
    this.layout = layout;
    this.arena = arena;
    this.lists = lists;
    this.scalars = scalars;
    this.ordered = ordered;
  }

  /** Writes all loops of a stage. */
  void write(Frame f, Stage.Loops stage) {
    for (Loop loop : stage.loops()) {
      var elements = new Elements(f.t(), loop.equations());
      if (stage.length() == Type.SCALAR) {
        f.once(
            () -> {
              scalars(f, loop, elements);
              body(loop, elements);
              loop.results().forEach((place, slot) -> keep(f, slot, elements.asDouble(place)));
            });
      } else if (loop.collects().isEmpty()) {
        scalars(f, loop, elements);
        f.each(stage.length(), i -> element(f, loop, elements, i));
      } else {
        scalars(f, loop, elements);
        voting(f, loop, elements, stage.length());
      }
    }
  }

  private void keep(Frame f, int slot, String value) {
    f.store(DType.F64, f.base(), arena.slot(slot), value);
  }

  private void scalars(Frame f, Loop loop, Elements elements) {
    loop.slots()
        .forEach(
            (place, slot) -> elements.set(place, scalars.load(f, slot, elements.dtype(place))));
  }

  private static void body(Loop loop, Elements elements) {
    for (int i = 0; i < loop.equations().size(); i++) {
      if (loop.equations().get(i).op().isElementwise()) {
        elements.compute(i);
      }
    }
  }

  private void element(Frame f, Loop loop, Elements elements, String i) {
    var addresses = new LinkedHashMap<Integer, String>();
    loop.sources()
        .forEach(
            (place, array) ->
                elements.set(
                    place, load(f, elements.dtype(place), at(f, addresses, i, array), array)));
    for (int place = 0; place < loop.equations().size(); place++) {
      if (loop.equations().get(place).op() == Op.INDEX) {
        elements.set(place, i);
      }
    }
    body(loop, elements);
    loop.stores()
        .forEach(
            (place, array) ->
                f.store(
                    elements.dtype(place),
                    at(f, addresses, i, array),
                    arena.array(array),
                    elements.value(place)));
    for (int array : loop.clears()) {
      DType dtype = layout.arrays().get(array).dtype();
      String zero = Text.constant(dtype, 0);
      f.store(dtype, at(f, addresses, i, array), arena.array(array), zero);
    }
  }

  private String load(Frame f, DType dtype, String address, int array) {
    if (!layout.isCount(array)) {
      return f.load(dtype, address, arena.array(array));
    }
    // A whole number below 2^23 as the last bits of 2^23: sooner than a conversion, and exact.
    Text t = f.t();
    String count = f.load(DType.I32, address, arena.array(array));
    String sum = t.register(dtype, "mov.b32", t.word("or.b32", count, FIRST_WHOLE_BITS));
    return t.register(dtype, "sub.rn.f32", sum, Text.constant(dtype, FIRST_WHOLE));
  }

  /**
   * The address of element i of arrays with elements of one size; their offsets are added later.
   */
  private String at(Frame f, Map<Integer, String> addresses, String i, int array) {
    int size = layout.arrays().get(array).dtype().bytes();
    return addresses.computeIfAbsent(size, s -> f.at(f.base(), i, s));
  }

  /** A loop in which warps stay together and vote on the masks that are collected. */
  private void voting(Frame f, Loop loop, Elements elements, int n) {
    Text t = f.t();
    var votes = new LinkedHashMap<Integer, String>();
    loop.collects().forEach((place, events) -> votes.put(place, t.word()));
    var ballots = new LinkedHashMap<Integer, Ballot>();
    loop.collects().forEach((place, events) -> ballots.put(place, ballot(f, events)));
    warps(
        f,
        n,
        (i, inside) -> {
          votes.values().forEach(v -> t.add("mov.b32", v, "0"));
          String skip = t.label();
          t.add("@!" + inside + " bra", skip);
          element(f, loop, elements, i);
          votes.forEach((place, vote) -> vote(t, elements, place, vote));
          t.place(skip);
          ballots.forEach((place, ballot) -> ballot.write(f, votes.get(place), i));
        });
  }

  private Ballot ballot(Frame f, int events) {
    return new Ballot(lists.collected(f, events), !ordered.test(events));
  }

  private static void vote(Text t, Elements elements, int place, String vote) {
    DType d = elements.dtype(place);
    String set = t.test("setp.gt." + Text.type(d), elements.value(place), Text.constant(d, 0));
    t.add("selp.b32", vote, "1", "0", set);
  }

  /** What a warp does for 32 elements, of which the last ones may be outside. */
  interface Lanes {
    void write(String i, String inside);
  }

  /** Writes a loop over whole warps of elements. */
  static void warps(Frame f, int n, Lanes body) {
    Text t = f.t();
    String lane = t.word("mov.u32", "%laneid");
    String start = t.word("sub.s32", f.first(), lane);
    f.range(
        start,
        f.stride(),
        Integer.toString(n),
        base -> {
          String i = t.word("add.s32", base, lane);
          body.write(i, t.test("setp.lt.s32", i, Integer.toString(n)));
        });
  }

  /** Writes the collection of a mask. */
  void collect(Frame f, Stage.Collect s) {
    Text t = f.t();
    Type mask = layout.arrays().get(s.mask());
    Ballot ballot = ballot(f, s.events());
    warps(
        f,
        layout.arrays().get(s.events()).length(),
        (i, inside) -> {
          String vote = t.word("mov.b32", "0");
          String skip = t.label();
          t.add("@!" + inside + " bra", skip);
          String address = f.at(f.base(), i, mask.dtype().bytes());
          String x = f.load(mask.dtype(), address, arena.array(s.mask()));
          String zero = Text.constant(mask.dtype(), 0);
          t.add("selp.b32", vote, "1", "0", t.test("setp.gt." + Text.type(mask.dtype()), x, zero));
          t.place(skip);
          ballot.write(f, vote, i);
        });
  }
}

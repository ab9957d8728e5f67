package spindle.compile.ptx;

import spindle.compile.Layout;
import spindle.compile.Stage;
import spindle.compile.ptx.Arena.Kind;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Rows;
import spindle.ir.Update;

/** Writes products with stored matrices. */
final class Stored {
  private static final int WARP = 32;
  private static final int AT_A_TIME = 4;

  private final Layout layout;
  private final Arena arena;
  private final Lists lists;

  Stored(Layout layout, Arena arena, Lists lists) {
    this.layout = layout;
    this.arena = arena;
    this.lists = lists;
  }

  /** The type of the weights of some rows. */
  static DType weightType(Rows rows) {
    for (Update u : rows.body().updates()) {
      if (u.variable().equals(Rows.WEIGHT)) {
        return rows.body().at(u.value()).type().dtype();
      }
    }
    throw new IllegalArgumentException(rows.name() + " has no weights");
  }

  /** Each thread sums what comes to a target, in ascending order of source. */
  void gather(Frame f, Product p, Input input) {
    Text t = f.t();
    boolean along = p.direction() == Direction.ALONG;
    String name = p.rows().name();
    String starts = f.table(arena.table(name, along ? Kind.TARGET_STARTS : Kind.STARTS));
    String others = f.table(arena.table(name, along ? Kind.TARGET_SOURCES : Kind.TARGETS));
    Weights weights =
        along ? weights(f, p, Kind.TARGET_WEIGHTS, Kind.TARGET_NUMBERS) : weights(f, p);
    f.each(
        p.elements(),
        element -> {
          String[] target = p.split(t, element);
          String sum = t.zero(p.dtype());
          String at = f.at(starts, target[0], 4);
          f.range(
              f.fetch(DType.I32, at, 0),
              "1",
              f.fetch(DType.I32, at, 4),
              s -> {
                String other = f.fetch(DType.I32, f.at(others, s, 4), 0);
                input.where(
                    f,
                    p.element(t, other, target[1]),
                    x -> p.add(t, sum, x, weight(f, p, weights, s)));
              });
          p.finish(f, sum, element);
        });
  }

  /** Addresses of tables: the rows' own weights, or the numbers of synapses; empty for none. */
  private record Weights(String own, String numbers) {}

  /** Of synapses by source, which is how they are numbered. */
  private Weights weights(Frame f, Product p) {
    boolean own = p.weights() < 0 && p.rows().weighted();
    return new Weights(own ? f.table(arena.table(p.rows().name(), Kind.WEIGHTS)) : "", "");
  }

  /** Of synapses in another order. */
  private Weights weights(Frame f, Product p, Kind own, Kind numbers) {
    String name = p.rows().name();
    if (p.weights() >= 0) {
      return new Weights("", f.table(arena.table(name, numbers)));
    }
    return new Weights(p.rows().weighted() ? f.table(arena.table(name, own)) : "", "");
  }

  private String weight(Frame f, Product p, Weights of, String s) {
    if (p.weights() >= 0) {
      String number = of.numbers().isEmpty() ? s : f.fetch(DType.I32, f.at(of.numbers(), s, 4), 0);
      return f.load(p.dtype(), f.at(f.base(), number, p.dtype().bytes()), p.weights());
    }
    if (of.own().isEmpty()) {
      return "";
    }
    DType own = weightType(p.rows());
    return p.weight(f.t(), f.fetch(own, f.at(of.own(), s, own.bytes()), 0), own);
  }

  /** Tables of rows by source. */
  private record RowTables(String starts, String targets, Weights weights) {}

  private RowTables rows(Frame f, Product p) {
    String name = p.rows().name();
    return new RowTables(
        f.table(arena.table(name, Kind.STARTS)),
        f.table(arena.table(name, Kind.TARGETS)),
        weights(f, p));
  }

  /**
   * All threads of a block add the weights of an event's synapses, which have no target twice,
   * event after event in ascending order. The targets must be 0 before.
   */
  void scatter(Frame f, Product p, Lists.Place list) {
    RowTables rows = rows(f, p);
    f.range(
        "0",
        "1",
        lists.count(f, list),
        e -> lists.event(f, list, e, event -> scatterRow(f, p, rows, event)));
  }

  private void scatterRow(Frame f, Product p, RowTables rows, String event) {
    Text t = f.t();
    String[] source = p.split(t, event);
    String at = f.at(rows.starts(), source[0], 4);
    f.range(
        t.word("add.s32", f.fetch(DType.I32, at, 0), f.first()),
        f.stride(),
        f.fetch(DType.I32, at, 4),
        s -> {
          String target = f.fetch(DType.I32, f.at(rows.targets(), s, 4), 0);
          p.increase(f, p.element(t, target, source[1]), "", weight(f, p, rows.weights(), s));
        });
    t.add("bar.sync", "0"); // the next event has some of the same targets
  }

  /** Each warp adds 1 to all targets of an event; the order of ones does not matter. */
  void count(Frame f, Product p, Lists.Place list) {
    Text t = f.t();
    RowTables rows = rows(f, p);
    f.range(
        t.word("shr.u32", f.first(), "5"),
        t.word("shr.u32", f.stride(), "5"),
        lists.count(f, list),
        e -> lists.event(f, list, e, event -> countRow(f, p, rows, event)));
  }

  /** Several targets are on their way at a time: memory is far. */
  private static void countRow(Frame f, Product p, RowTables rows, String event) {
    Text t = f.t();
    String[] source = p.split(t, event);
    String row = f.at(rows.starts(), source[0], 4);
    String end = f.fetch(DType.I32, row, 4);
    f.range(
        t.word("add.s32", f.fetch(DType.I32, row, 0), t.word("mov.u32", "%laneid")),
        Integer.toString(WARP * AT_A_TIME),
        end,
        first -> {
          var inside = new String[AT_A_TIME];
          var target = new String[AT_A_TIME];
          String at = f.at(rows.targets(), first, 4);
          for (int k = 0; k < AT_A_TIME; k++) {
            String s = t.word("add.s32", first, Integer.toString(WARP * k));
            inside[k] = t.test("setp.lt.s32", s, end);
            target[k] = t.word("mov.b32", "0");
            String from = "[" + at + "+" + Integer.BYTES * WARP * k + "]";
            t.add("@" + inside[k] + " ld.global.s32", target[k], from);
          }
          for (int k = 0; k < AT_A_TIME; k++) {
            increment(f, p, p.element(t, target[k], source[1]), "@" + inside[k] + " ");
          }
        });
  }

  /**
   * Adds 1 to an element of the result.
   *
   * @param guard where it is to be done, or empty
   */
  static void increment(Frame f, Product p, String element, String guard) {
    String at = f.at(f.base(), element, p.dtype().bytes());
    DType as = p.counts() ? DType.I32 : p.dtype();
    String type = p.counts() ? "u32" : Text.type(as);
    String red = "red." + f.space() + ".add." + type;
    f.t().add(guard + red, "[" + at + "+" + p.target() + "]", Text.constant(as, 1));
  }

  /** Multiplies the two ends of each synapse and sums over the batch in order. */
  void pairs(Frame f, Product p, Stage.Pair stage) {
    Text t = f.t();
    String sources = f.table(arena.table(p.rows().name(), Kind.SOURCES));
    String targets = f.table(arena.table(p.rows().name(), Kind.TARGETS));
    int post = arena.array(stage.post());
    Input input = new Input.Vector(arena.array(stage.pre()), p.dtype());
    f.each(
        layout.arrays().get(stage.target()).length(),
        s -> {
          String i = f.fetch(DType.I32, f.at(sources, s, 4), 0);
          String j = f.fetch(DType.I32, f.at(targets, s, 4), 0);
          String sum = t.zero(p.dtype());
          f.range(
              "0",
              "1",
              Integer.toString(p.batch()),
              b ->
                  input.where(
                      f,
                      p.element(t, i, b),
                      x -> {
                        String at = f.at(f.base(), p.element(t, j, b), p.dtype().bytes());
                        p.add(t, sum, x, f.load(p.dtype(), at, post));
                      }));
          p.finish(f, sum, s);
        });
  }
}

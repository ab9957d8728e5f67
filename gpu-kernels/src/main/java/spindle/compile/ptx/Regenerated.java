package spindle.compile.ptx;

import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Rows;

/** Writes products with matrices whose rows are walked anew. */
final class Regenerated {
  private final Arena arena;
  private final Lists lists;

  Regenerated(Arena arena, Lists lists) {
    this.arena = arena;
    this.lists = lists;
  }

  /** Whether rows belong to the targets of a product. */
  static boolean ownsRow(Product p) {
    return p.rows().byPost() == (p.direction() == Direction.ALONG);
  }

  /** Each thread walks the row of its target and sums in ascending order of source. */
  void gather(Frame f, Product p, Input input) {
    Text t = f.t();
    Rows rows = p.rows();
    boolean along = p.direction() == Direction.ALONG;
    f.each(
        p.elements(),
        element -> {
          String[] target = p.split(t, element);
          String sum = t.zero(p.dtype());
          if (along && rows.delayed()) {
            // Sources of long delays come first.
            f.range(
                "0",
                "1",
                Integer.toString(rows.longest()),
                d -> {
                  String delay = t.word("sub.s32", Integer.toString(rows.longest()), d);
                  String first = t.word("mul.lo.s32", d, Integer.toString(rows.pre()));
                  sum(f, p, input, new Row(target[0], target[1], delay, first, sum));
                });
          } else {
            String[] row = along ? new String[] {target[0], ""} : source(t, rows, target[0]);
            sum(f, p, input, new Row(row[0], target[1], row[1], "", sum));
          }
          p.finish(f, sum, element);
        });
  }

  /** A row that is summed: its number, the member of the batch, the delay, the first source. */
  private record Row(String row, String member, String delay, String first, String sum) {}

  private void sum(Frame f, Product p, Input input, Row r) {
    Text t = f.t();
    new Walk(f, arena, p.rows())
        .chunks(
            r.row(),
            r.delay(),
            s -> {
              String other =
                  r.first().isEmpty() ? s.column() : t.word("add.s32", s.column(), r.first());
              input.where(
                  f,
                  p.element(t, other, r.member()),
                  x -> p.add(t, r.sum(), x, p.weight(t, s.weight(), s.dtype())));
            });
  }

  /** The row and the delay of a source; the delay is empty where rows have none. */
  static String[] source(Text t, Rows rows, String source) {
    if (!rows.delayed()) {
      return new String[] {source, ""};
    }
    String pre = Integer.toString(rows.pre());
    String steps = t.word("div.u32", source, pre);
    String delay = t.word("sub.s32", Integer.toString(rows.longest()), steps);
    return new String[] {t.word("rem.u32", source, pre), delay};
  }

  /** The neuron that a synapse leads to. */
  static String target(Text t, Product p, Walk.Synapse s) {
    String neuron = s.column();
    if (p.direction() == Direction.AGAINST && p.rows().delayed()) {
      String steps = t.word("sub.s32", Integer.toString(p.rows().longest()), s.delay());
      neuron = t.word("mad.lo.s32", steps, Integer.toString(p.rows().pre()), neuron);
    }
    return neuron;
  }

  /**
   * Each thread walks a chunk of the row of an event and adds ones, whose order does not matter.
   */
  void count(Frame f, Product p, Lists.Place list) {
    Text t = f.t();
    Rows rows = p.rows();
    String chunks = Integer.toString(rows.chunks());
    String work = t.word("mul.lo.s32", lists.count(f, list), chunks);
    f.each(
        work,
        k -> {
          boolean one = rows.chunks() == 1;
          String e = one ? k : t.word("div.u32", k, chunks);
          String chunk = one ? "0" : t.word("rem.u32", k, chunks);
          lists.event(f, list, e, event -> count(f, p, event, chunk));
        });
  }

  private void count(Frame f, Product p, String event, String chunk) {
    String[] source = p.split(f.t(), event);
    String[] row = source(f.t(), p.rows(), source[0]);
    new Walk(f, arena, p.rows())
        .write(
            row[0],
            chunk,
            row[1],
            s -> Stored.increment(f, p, p.element(f.t(), s.column(), source[1]), ""));
  }

  /** Sums that underflowed to -0 become 0. */
  void positiveZeros(Frame f, Product p) {
    DType d = p.dtype();
    f.each(p.elements(), i -> p.finish(f, f.load(d, f.at(f.base(), i, d.bytes()), p.target()), i));
  }
}

package spindle.compile.ptx;

import spindle.ir.Direction;

/**
 * Writes the scatter of rows that are walked anew, by a block per column chunk: many rows at a
 * time, and yet each target is added to in ascending order of source.
 *
 * <p>A chunk is cut into as many parts as rows are under way. Row k walks part b at time k + b, so
 * that no two rows are in one part at a time, and each comes to a part after all rows before it; a
 * barrier ends each time. Rows whose columns do not ascend go one after the other. Members of a
 * batch share the walk: a warp has a row, and a lane some of the members.
 */
final class Wave {
  /** Threads that a chunk has work for. */
  static final int THREADS = 256;

  private static final String BEYOND = Integer.toString(Integer.MAX_VALUE);

  private final Frame f;
  private final Text t;
  private final Product p;
  private final Input input;
  private final Walk walk;
  private final boolean shared;

  /** The row that a thread walks. */
  private final String row;

  private final String delay;
  private final String member;
  private final String x;

  Wave(Frame f, Arena arena, Product p, Input input) {
    this.f = f;
    this.t = f.t();
    this.p = p;
    this.input = input;
    this.walk = new Walk(f, arena, p.rows());
    this.shared = input.isShared(p);
    this.row = t.word();
    this.delay = t.word();
    this.member = t.word();
    this.x = t.register(p.dtype());
  }

  /**
   * Which rows a thread walks.
   *
   * @param first the first of them; beyond all for threads that have none
   * @param step most rows under way
   * @param lane first member of the batch
   */
  private record Share(String first, String step, String lane) {}

  /** A thread's place in the wave: a row in turn, and the part of it. */
  private record At(String k, String part) {}

  /** Adds all products; the targets must be 0 before. */
  void write() {
    String threads = t.word("mov.u32", "%ntid.x");
    Share share = share(t.word("mov.u32", "%tid.x"), threads);
    f.range(
        t.word("div.u32", f.first(), threads),
        t.word("div.u32", f.stride(), threads),
        Integer.toString(p.rows().chunks()),
        chunk -> chunk(chunk, share));
  }

  private Share share(String thread, String threads) {
    String first = shared ? t.word("shr.u32", thread, "5") : thread;
    String step = shared ? t.word("shr.u32", threads, "5") : threads;
    String lane = shared ? t.word("and.b32", thread, "31") : "0";
    if (Walk.ascends(p.rows())) {
      return new Share(first, step, lane);
    }
    String others = t.test("setp.ne.s32", first, "0");
    return new Share(t.word("selp.b32", BEYOND, "0", others), "1", lane);
  }

  private void chunk(String chunk, Share share) {
    String rows = input.count(f, p);
    // No more parts than rows: few rows are soon through them.
    String parts = t.word("max.s32", t.word("min.s32", share.step(), rows), "1");
    String last = t.word("add.s32", parts, "-1");
    int width = (p.rows().columns() + p.rows().chunks() - 1) / p.rows().chunks();
    String size = t.word("add.s32", last, Integer.toString(width));
    t.add("div.u32", size, size, parts);
    String end = t.word("mad.lo.s32", chunk, Integer.toString(width), size); // of the first part
    var at = new At(t.word("mov.b32", share.first()), t.word("neg.s32", share.first()));
    f.range(
        "0",
        "1",
        t.word("add.s32", last, rows),
        time -> {
          String idle = t.label();
          t.jumpIf(t.test("setp.lt.s32", at.part(), "0"), idle);
          t.jumpIf(t.test("setp.ge.s32", at.k(), rows), idle);
          String bound = t.word("mad.lo.s32", at.part(), size, end);
          // Where the last part ends is for the row to say.
          t.add("selp.b32", bound, BEYOND, bound, t.test("setp.eq.s32", at.part(), last));
          walk(at, chunk, bound, share.lane());
          t.place(idle);
          next(at, parts);
          t.add("bar.sync", "0");
        });
  }

  private void next(At at, String parts) {
    t.add("add.s32", at.part(), at.part(), "1");
    String done = t.test("setp.eq.s32", at.part(), parts);
    String other = t.word("add.s32", at.k(), parts);
    t.add("selp.b32", at.k(), other, at.k(), done);
    t.add("selp.b32", at.part(), "0", at.part(), done);
  }

  /** Begins a row in its first part, and walks it to the end of a part. */
  private void walk(At at, String chunk, String bound, String lane) {
    Walk.Turn turn = walk.turn(row, chunk);
    String begun = t.label();
    t.jumpIf(t.test("setp.ne.s32", at.part(), "0"), begun);
    t.add("mov.b32", turn.cursor(), BEYOND); // unless there is something to multiply
    input.turn(f, p, at.k(), source -> begin(turn, source));
    t.place(begun);
    boolean delayed = p.direction() == Direction.ALONG && p.rows().delayed();
    walk.until(turn, bound, delayed ? delay : "", y -> add(at.k(), lane, y));
  }

  private void begin(Walk.Turn turn, Input.Source source) {
    boolean along = p.direction() == Direction.ALONG;
    String neuron = source.neuron();
    String[] from = along ? Regenerated.source(t, p.rows(), neuron) : new String[] {neuron, ""};
    t.add("mov.b32", row, from[0]);
    t.add("mov.b32", member, source.member());
    if (!from[1].isEmpty()) {
      t.add("mov.b32", delay, from[1]);
    }
    if (!source.x().isEmpty()) {
      t.add("mov." + Text.type(p.dtype()), x, source.x());
    }
    walk.begin(turn);
  }

  private void add(String k, String lane, Walk.Synapse y) {
    String w = p.weight(t, y.weight(), y.dtype());
    String target = Regenerated.target(t, p, y);
    if (shared) {
      f.range(
          lane,
          "32",
          Integer.toString(p.batch()),
          m ->
              input.where(
                  f, p.element(t, k, m), one -> p.increase(f, p.element(t, target, m), one, w)));
    } else {
      boolean one = input instanceof Input.Events;
      p.increase(f, p.element(t, target, member), one ? "" : x, w);
    }
  }
}

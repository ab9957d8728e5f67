package spindle.compile.ptx;

import java.util.List;
import spindle.compile.ptx.Kernels.Shape;
import spindle.ir.DType;

/** Writes one kernel: where its trial is, its steps, the end of each. */
final class Entry {
  /** The kernel that runs all steps. */
  static final String STEPS = "steps";

  /** Stands for the size of the arena, which grows while the kernels are written. */
  private static final String ARENA_BYTES = "ARENA_BYTES";

  private static final String CLUSTER =
      ".explicitcluster\n.reqnctapercluster " + Kernels.CLUSTER_BLOCKS + ", 1, 1\n";

  private final Text t = new Text();
  private final Arena arena;
  private final Shape shape;

  Entry(Arena arena, Shape shape) {
    this.arena = arena;
    this.shape = shape;
  }

  /**
   * A kernel that does one piece of a step.
   *
   * @param number of the kernel in the step
   * @param next number of the kernel that comes after, for which the counters are left
   */
  String piece(String name, Piece piece, int number, int next) {
    Frame f = frame(trial(), number);
    t.begin();
    piece.body().accept(f);
    f.once(() -> pass(f, next));
    return t.kernel(name, "");
  }

  /** A kernel that follows the last step of a launch. */
  String end(String name, Piece piece) {
    piece.body().accept(frame(trial(), 0));
    return t.kernel(name, "");
  }

  /** The counters for the next kernel, which may be that of the next step. */
  private void pass(Frame f, int next) {
    if (next > 0) {
      counters(f, arena.counters(next), f.row());
      return;
    }
    advance(f);
    // Recordings begin anew after as many steps as the host has asked for.
    String all = f.load(DType.I32, f.base(), Arena.LEFT);
    String last = t.test("setp.ge.s32", f.row(), all);
    counters(f, Arena.STEP, t.word("selp.b32", "0", f.row(), last));
  }

  /** A kernel that runs all steps and then, once, what ends a launch. */
  String steps(List<Piece> pieces, List<Piece> ends) {
    String trial = trial();
    String base = trial;
    if (shape == Shape.BLOCK_SHARED) {
      base = t.address("add.s64", shared(), Integer.toString(Frame.SCRATCH));
      copy(trial, "global", base, "shared");
    }
    Frame f = frame(base, 0);
    String left = f.load(DType.I32, base, Arena.LEFT);
    t.begin();
    String head = t.label();
    String done = t.label();
    t.place(head);
    t.jumpIf(t.test("setp.le.s32", left, "0"), done);
    step(pieces, f);
    t.add("add.s32", left, left, "-1");
    advance(f);
    t.jump(head);
    t.place(done);
    ends.forEach(end -> end.body().accept(f));
    // A launch is all that is recorded before it is pulled.
    f.once(() -> counters(f, Arena.STEP, "0"));
    if (shape == Shape.BLOCK_SHARED) {
      barrier();
      copy(base, "shared", trial, "global");
    }
    String directives = shape == Shape.CLUSTER ? CLUSTER : "";
    return t.kernel(STEPS, directives).replace(ARENA_BYTES, Long.toString(arena.bytes()));
  }

  /** The pieces of a step, each ended by a barrier of all that share the trial. */
  private void step(List<Piece> pieces, Frame f) {
    if (shape != Shape.CLUSTER) {
      for (Piece piece : pieces) {
        piece.body().accept(f);
        barrier();
      }
      return;
    }
    Frame block = f.withShare(t.word("mov.u32", "%tid.x"), t.word("mov.u32", "%ntid.x"));
    String rank = t.word("mov.u32", "%cluster_ctarank");
    for (int k = 0; k < pieces.size(); k++) {
      if (!pieces.get(k).isAlone()) {
        pieces.get(k).body().accept(f);
        barrier();
        continue;
      }
      String others = t.label();
      t.jumpIf(t.test("setp.ne.s32", rank, "0"), others);
      pieces.get(k).body().accept(block);
      t.place(others);
      if (k + 1 < pieces.size() && pieces.get(k + 1).isAlone()) {
        t.add("bar.sync", "0"); // the others have nothing to see yet
      } else {
        barrier();
      }
    }
  }

  /** All threads that share the trial wait for each other, and see what each has written. */
  private void barrier() {
    if (shape == Shape.CLUSTER) {
      t.add("barrier.cluster.arrive.aligned");
      t.add("barrier.cluster.wait.aligned");
    } else {
      t.add("bar.sync", "0");
    }
  }

  /** The arena of the trial of this block or cluster; a grid has one trial. */
  private String trial() {
    String arenas = t.address();
    t.add("ld.param.u64", arenas, "[arenas]");
    if (shape == Shape.GRID) {
      return arenas;
    }
    String number = t.word("mov.u32", shape == Shape.CLUSTER ? "%clusterid.x" : "%ctaid.x");
    String trial = t.address("mad.wide.u32", number, "8", arenas);
    String base = t.address();
    t.add("ld.global.u64", base, "[" + trial + "]");
    return base;
  }

  private String shared() {
    return t.address("mov.u64", "memory");
  }

  /** What a kernel finds, its counters left by the one before. */
  private Frame frame(String base, int number) {
    String scratch = shared();
    String first = t.word("mov.u32", "%tid.x");
    String stride = t.word("mov.u32", "%ntid.x");
    if (shape == Shape.GRID) {
      String block = t.word("mov.u32", "%ctaid.x");
      first = t.word("mad.lo.s32", block, stride, first);
      stride = t.word("mul.lo.s32", stride, t.word("mov.u32", "%nctaid.x"));
    } else if (shape == Shape.CLUSTER) {
      first = t.word("mad.lo.s32", t.word("mov.u32", "%cluster_ctarank"), stride, first);
      stride = t.word("mul.lo.s32", stride, Integer.toString(Kernels.CLUSTER_BLOCKS));
    }
    String space = shape == Shape.BLOCK_SHARED ? "shared" : "global";
    var bare = new Frame(t, space, base, scratch, first, stride, "", "", "");
    int counters = arena.counters(number);
    String step = bare.load(DType.I32, base, counters + Arena.STEP);
    String tick = bare.load(DType.I32, base, counters + Arena.TICK);
    String row = bare.load(DType.I32, base, counters + Arena.RECORDED);
    return new Frame(t, space, base, scratch, first, stride, step, tick, row);
  }

  private void advance(Frame f) {
    for (String counter : List.of(f.step(), f.tick(), f.row())) {
      t.add("add.s32", counter, counter, "1");
    }
  }

  private void counters(Frame f, int to, String recorded) {
    f.store(DType.I32, f.base(), to + Arena.STEP, f.step());
    f.store(DType.I32, f.base(), to + Arena.TICK, f.tick());
    f.store(DType.I32, f.base(), to + Arena.RECORDED, recorded);
  }

  /** Copies the whole arena, 8 bytes a thread, and waits. */
  private void copy(String from, String space, String to, String other) {
    String first = t.word("shl.b32", t.word("mov.u32", "%tid.x"), "3");
    String stride = t.word("shl.b32", t.word("mov.u32", "%ntid.x"), "3");
    new Frame(t, space, from, "", first, stride, "", "", "")
        .each(
            ARENA_BYTES,
            i -> {
              String x = t.address();
              t.add("ld." + space + ".u64", x, "[" + t.address("mad.wide.s32", i, "1", from) + "]");
              t.add("st." + other + ".u64", "[" + t.address("mad.wide.s32", i, "1", to) + "]", x);
            });
    t.add("bar.sync", "0");
  }
}

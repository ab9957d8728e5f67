package spindle.compile.ptx;

import spindle.ir.DType;

/** Sums over the threads of a block. */
final class Scan {
  private static final int WARP = 32;

  private Scan() {}

  /**
   * The sum of {@code carry} and the numbers of all threads before this one; {@code carry} becomes
   * the sum of all. Every thread of the block must come here.
   */
  static String before(Frame f, String own, String carry) {
    Text t = f.t();
    String lane = t.word("mov.u32", "%laneid");
    String upTo = warp(t, own);
    String warp = t.word("shr.u32", f.first(), "5");
    String warps = t.word("shr.u32", f.stride(), "5");
    String notLast = t.label();
    t.jumpIf(t.test("setp.ne.s32", lane, Integer.toString(WARP - 1)), notLast);
    t.add("st.shared.s32", "[" + f.at(f.scratch(), warp, 4) + "]", upTo);
    t.place(notLast);
    t.add("bar.sync", "0");
    String place = t.word("sub.s32", t.word("add.s32", carry, upTo), own);
    f.range(
        "0",
        "1",
        warps,
        w -> {
          String sum = t.register(DType.I32);
          t.add("ld.shared.s32", sum, "[" + f.at(f.scratch(), w, 4) + "]");
          t.add("add.s32", carry, carry, sum);
          String earlier = t.test("setp.lt.s32", w, warp);
          t.add("add.s32", place, place, t.word("selp.b32", sum, "0", earlier));
        });
    t.add("bar.sync", "0");
    return place;
  }

  /** The sum of the numbers of this and the lower lanes. */
  private static String warp(Text t, String own) {
    String sum = t.word("mov.b32", own);
    for (int by = 1; by < WARP; by *= 2) {
      String lower = t.word();
      String there = t.predicate();
      t.add("shfl.sync.up.b32", lower + "|" + there, sum, Integer.toString(by), "0", "0xffffffff");
      t.add("@" + there + " add.s32", sum, sum, lower);
    }
    return sum;
  }
}

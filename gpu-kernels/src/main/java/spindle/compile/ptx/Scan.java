package spindle.compile.ptx;

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
    // A lane has the sum of one warp, so that no warp adds them one after the other.
    String sums = t.word("mov.b32", "0");
    String beyond = t.label();
    t.jumpIf(t.test("setp.ge.s32", lane, warps), beyond);
    t.add("ld.shared.s32", sums, "[" + f.at(f.scratch(), lane, 4) + "]");
    t.place(beyond);
    String all = warp(t, sums);
    String before = t.word("sub.s32", all, sums);
    t.add("add.s32", place, place, t.broadcast(before, warp));
    t.add("add.s32", carry, carry, t.broadcast(all, Integer.toString(WARP - 1)));
    t.add("bar.sync", "0");
    return place;
  }

  /** The sum of the numbers of this and the lower lanes. */
  private static String warp(Text t, String own) {
    String sum = t.word("mov.b32", own);
    for (int by = 1; by < WARP; by *= 2) {
      String lower = t.word();
      String there = t.predicate();
      t.add(
          "shfl.sync.up.b32", lower + "|" + there, sum, Integer.toString(by), "0", Text.WHOLE_WARP);
      t.add("@" + there + " add.s32", sum, sum, lower);
    }
    return sum;
  }
}

package spindle.compile.ptx;

import spindle.ir.DType;

/**
 * How warps vote which of their elements are in a list.
 *
 * @param to where they are collected
 * @param listed whether the indices are listed too, in no order; the count must be 0 before
 */
record Ballot(Lists.Collected to, boolean listed) {
  private static final String ALL = "0xffffffff";

  /** Writes the votes on the 32 elements of a warp, of which a lane has number {@code i}. */
  void write(Frame f, String vote, String i) {
    Text t = f.t();
    Lists.Place list = to.list();
    String word = t.word();
    t.add("vote.sync.ballot.b32", word, t.test("setp.ne.s32", vote, "0"), ALL);
    String lane = t.word("and.b32", i, "31");
    String base = t.word("mov.b32", "0");
    String others = t.label();
    t.jumpIf(t.test("setp.ne.s32", lane, "0"), others);
    String number = t.word("shr.u32", i, "5");
    String address = f.at(list.address(), number, 4);
    f.store(DType.I32, address, list.offset() + Arena.bits(), word);
    if (!to.row().isEmpty()) {
      t.add("st.global.s32", "[" + f.at(to.row(), number, 4) + "]", word);
    }
    if (listed) {
      String none = t.label();
      t.jumpIf(t.test("setp.eq.s32", word, "0"), none);
      String count = "[" + list.address() + "+" + list.offset() + "]";
      t.add("atom." + f.space() + ".add.u32", base, count, t.word("popc.b32", word));
      t.place(none);
    }
    t.place(others);
    if (listed) {
      list(f, new String[] {vote, i, lane}, word, base);
    }
  }

  /** Lanes that have an element write its number, one behind the other. */
  private void list(Frame f, String[] own, String word, String base) {
    Text t = f.t();
    Lists.Place list = to.list();
    String none = t.label();
    t.jumpIf(t.test("setp.eq.s32", word, "0"), none);
    String first = t.word("shfl.sync.idx.b32", base, "0", "0x1f", ALL);
    t.jumpIf(t.test("setp.eq.s32", own[0], "0"), none);
    String bit = t.word("shl.b32", "1", own[2]);
    String lower = t.word("and.b32", word, t.word("add.s32", bit, "-1"));
    String place = t.word("add.s32", first, t.word("popc.b32", lower));
    Lists.set(f, list, place, own[1]);
    t.place(none);
  }
}

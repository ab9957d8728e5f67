package spindle.compile.ptx;

import spindle.ir.DType;

/**
 * How warps vote which of their elements are in a list.
 *
 * @param to where they are collected
 * @param listed whether the indices are listed too, in no order; the count must be 0 before
 */
record Ballot(Lists.Collected to, boolean listed) {
  /**
   * What a lane has.
   *
   * @param vote whether its element is in the list
   * @param i number of the element
   * @param lane number of the lane
   * @param word the votes of the warp
   */
  private record Lane(String vote, String i, String lane, String word) {}

  /** Writes the votes on the 32 elements of a warp, of which a lane has number {@code i}. */
  void write(Frame f, String vote, String i) {
    Text t = f.t();
    String set = t.test("setp.ne.s32", vote, "0");
    String word = t.word("vote.sync.ballot.b32", set, Text.WHOLE_WARP);
    var own = new Lane(vote, i, t.word("and.b32", i, "31"), word);
    String first = t.word("mov.b32", "0");
    String others = t.label();
    t.jumpIf(t.test("setp.ne.s32", own.lane(), "0"), others);
    keep(f, own);
    if (listed) {
      reserve(f, word, first);
    }
    t.place(others);
    if (listed) {
      list(f, own, first);
    }
  }

  /** One lane keeps the votes, and records them if that is wanted. */
  private void keep(Frame f, Lane own) {
    Text t = f.t();
    String number = t.word("shr.u32", own.i(), "5");
    String address = f.at(to.list().address(), number, 4);
    f.store(DType.I32, address, to.list().offset() + Arena.bits(), own.word());
    if (!to.row().isEmpty()) {
      t.add("st.global.s32", "[" + f.at(to.row(), number, 4) + "]", own.word());
    }
  }

  /** One lane reserves a place for each vote. */
  private void reserve(Frame f, String word, String first) {
    Text t = f.t();
    String none = t.label();
    t.jumpIf(t.test("setp.eq.s32", word, "0"), none);
    String count = "[" + to.list().address() + "+" + to.list().offset() + "]";
    t.add("atom." + f.space() + ".add.u32", first, count, t.word("popc.b32", word));
    t.place(none);
  }

  /** Lanes that have an element write its number, one behind the other. */
  private void list(Frame f, Lane own, String first) {
    Text t = f.t();
    String none = t.label();
    t.jumpIf(t.test("setp.eq.s32", own.word(), "0"), none);
    String begin = t.broadcast(first, "0");
    t.jumpIf(t.test("setp.eq.s32", own.vote(), "0"), none);
    String bit = t.word("shl.b32", "1", own.lane());
    String lower = t.word("and.b32", own.word(), t.word("add.s32", bit, "-1"));
    String place = t.word("add.s32", begin, t.word("popc.b32", lower));
    Lists.set(f, to.list(), place, own.i());
    t.place(none);
  }
}

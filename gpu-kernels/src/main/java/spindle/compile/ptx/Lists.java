package spindle.compile.ptx;

import spindle.compile.Layout;
import spindle.compile.Stage;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Variable;

/** Writes what is done with lists of events: a bit per neuron, and the indices in order. */
final class Lists {
  private final Program program;
  private final Layout layout;
  private final Arena arena;

  Lists(Program program, Layout layout, Arena arena) {
    this.program = program;
    this.layout = layout;
    this.arena = arena;
  }

  /** A list: its address, to which {@code offset} is to be added, and its neurons. */
  record Place(String address, int offset, int neurons) {
    /** A part of it, by its offset in a list. */
    Place part(int more) {
      return new Place(address, offset + more, neurons);
    }
  }

  /** Where the events of a source are. */
  Place source(Frame f, Stage.Source s) {
    if (s.list() >= 0) {
      return array(f, s.list());
    }
    Variable v = program.variable(s.variable());
    return ring(f, v, s.delay());
  }

  Place array(Frame f, int array) {
    return new Place(f.base(), arena.array(array), layout.arrays().get(array).length());
  }

  /** The list of some steps ago; where nothing is ever kept the oldest stays the first. */
  private Place ring(Frame f, Variable v, int delay) {
    int n = v.type().length();
    boolean kept = program.updates().stream().anyMatch(u -> u.variable().equals(v.name()));
    int size = Arena.listBytes(n);
    if (v.history() == 1 || !kept) {
      return new Place(f.base(), arena.ring(v.name()) + (v.history() - delay) * size, n);
    }
    int shift = v.history() - delay;
    String turned = f.t().word("add.s32", f.tick(), Integer.toString(shift));
    String slot = f.t().word("rem.u32", turned, Integer.toString(v.history()));
    return new Place(f.at(f.base(), slot, size), arena.ring(v.name()), n);
  }

  /** Number of events of a list. */
  String count(Frame f, Place list) {
    return f.load(DType.I32, list.address(), list.offset());
  }

  /** Event number {@code e} of a list. */
  String event(Frame f, Place list, String e) {
    int offset = list.offset() + Arena.indices(list.neurons());
    return f.load(DType.I32, f.at(list.address(), e, 4), offset);
  }

  /** Whether a neuron is in a list: a predicate. */
  String isSet(Frame f, Place list, String i) {
    Text t = f.t();
    String at = f.at(list.address(), t.word("shr.u32", i, "5"), 4);
    String word = f.load(DType.I32, at, list.offset() + Arena.bits());
    String shifted = t.word("shr.u32", word, t.word("and.b32", i, "31"));
    return t.test("setp.ne.s32", t.word("and.b32", shifted, "1"), "0");
  }

  /** Sets all bits of a list to 0. */
  void clear(Frame f, Place list) {
    f.each(
        Arena.words(list.neurons()),
        w -> f.store(DType.I32, f.at(list.address(), w, 4), list.offset() + Arena.bits(), "0"));
  }

  /** Sets the bits of the events of another list that lie in a range, renumbered. */
  void setRange(Frame f, Place from, Place to, Range range) {
    Text t = f.t();
    f.each(
        count(f, from),
        e -> {
          String i = event(f, from, e);
          String skip = t.label();
          t.jumpIf(t.test("setp.lt.s32", i, Integer.toString(range.from())), skip);
          t.jumpIf(t.test("setp.ge.s32", i, Integer.toString(range.to())), skip);
          String moved = t.word("add.s32", i, Integer.toString(range.first() - range.from()));
          String bit = t.word("shl.b32", "1", t.word("and.b32", moved, "31"));
          String at = f.at(to.address(), t.word("shr.u32", moved, "5"), 4);
          int offset = to.offset() + Arena.bits();
          t.add("red." + f.space() + ".or.b32", "[" + at + "+" + offset + "]", bit);
          t.place(skip);
        });
  }

  /** Neurons {@code [from, to)}, of which the first gets the number {@code first}. */
  record Range(int from, int to, int first) {}

  /** Sets the bits of all events of some steps, the oldest first. */
  void setRecent(Frame f, Stage.Recent r, Place to) {
    Variable v = program.variable(r.variable());
    for (int d = r.steps(); d >= 1; d--) {
      int first = (r.steps() - d) * (r.to() - r.from());
      setRange(f, ring(f, v, d), to, new Range(r.from(), r.to(), first));
    }
  }

  /**
   * Lists the neurons whose bits are set, by one block: each thread counts the bits of a word, a
   * scan says where they go.
   */
  void index(Frame f, Place list) {
    Text t = f.t();
    int words = Arena.words(list.neurons());
    String carry = t.word("mov.b32", "0");
    String lane = t.word("mov.u32", "%laneid");
    String warp = t.word("sub.s32", f.first(), lane);
    f.range(
        warp,
        f.stride(),
        // All warps take part in every round, with or without words.
        t.word("add.s32", Integer.toString((words + 31) / 32 * 32), warp),
        base -> {
          String i = t.word("add.s32", base, lane);
          round(f, list, i, carry);
        });
    f.once(() -> f.store(DType.I32, list.address(), list.offset(), carry));
  }

  private void round(Frame f, Place list, String i, String carry) {
    Text t = f.t();
    String word = t.word("mov.b32", "0");
    String beyond = t.label();
    int words = Arena.words(list.neurons());
    t.jumpIf(t.test("setp.ge.s32", i, Integer.toString(words)), beyond);
    String bits = f.load(DType.I32, f.at(list.address(), i, 4), list.offset() + Arena.bits());
    t.add("mov.b32", word, bits);
    t.place(beyond);
    String own = t.word("popc.b32", word);
    String place = Scan.before(f, own, carry);
    unpack(f, list, word, new String[] {t.word("shl.b32", i, "5"), place});
  }

  /** Writes the indices of the bits of a word, lowest first. */
  private void unpack(Frame f, Place list, String word, String[] at) {
    Text t = f.t();
    String head = t.label();
    String end = t.label();
    t.place(head);
    t.jumpIf(t.test("setp.eq.s32", word, "0"), end);
    String bit = t.word("clz.b32", t.word("brev.b32", word));
    String index = t.word("add.s32", at[0], bit);
    String to = f.at(list.address(), at[1], 4);
    f.store(DType.I32, to, list.offset() + Arena.indices(list.neurons()), index);
    t.add("add.s32", at[1], at[1], "1");
    t.add("and.b32", word, word, t.word("add.s32", word, "-1"));
    t.jump(head);
    t.place(end);
  }

  /** Writes 1 where an event is, else 0. */
  void mark(Frame f, Stage.Mark s) {
    DType d = layout.arrays().get(s.target()).dtype();
    Place list = source(f, s.source());
    f.each(
        layout.arrays().get(s.target()).length(),
        i -> {
          String set = isSet(f, list, i);
          String x = f.t().register(d);
          String one = Text.constant(d, 1);
          f.t().add("selp." + Text.type(d), x, one, Text.constant(d, 0), set);
          f.store(d, f.at(f.base(), i, d.bytes()), arena.array(s.target()), x);
        });
  }

  /** Keeps a list for later steps, and records it where that is wanted. */
  void keep(Frame f, Stage.Keep s) {
    Place from = array(f, s.events());
    Variable v = program.variable(s.variable());
    // What is kept now was emitted no step ago: a whole history of delay.
    Place to = ring(f, v, v.history());
    f.once(() -> f.store(DType.I32, to.address(), to.offset(), count(f, from)));
    int words = Arena.words(from.neurons());
    copy(f, from.part(Arena.bits()), to.part(Arena.bits()), Integer.toString(words));
    int indices = Arena.indices(from.neurons());
    copy(f, from.part(indices), to.part(indices), count(f, from));
    if (arena.isRecorded(v.name()) && words > 0) {
      record(f, from, arena.table(v.name(), Arena.Kind.RECORDING));
    }
  }

  private static void copy(Frame f, Place from, Place to, String words) {
    f.each(
        words,
        w -> {
          String x = f.load(DType.I32, f.at(from.address(), w, 4), from.offset());
          f.store(DType.I32, f.at(to.address(), w, 4), to.offset(), x);
        });
  }

  private void record(Frame f, Place from, int table) {
    Text t = f.t();
    int words = Arena.words(from.neurons());
    String row = f.at(f.table(table), f.row(), 4 * words);
    f.each(
        words,
        w -> {
          int offset = from.offset() + Arena.bits();
          String x = f.load(DType.I32, f.at(from.address(), w, 4), offset);
          t.add("st.global.s32", "[" + f.at(row, w, 4) + "]", x);
        });
  }
}

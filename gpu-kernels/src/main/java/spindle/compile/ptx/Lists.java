package spindle.compile.ptx;

import java.util.function.Consumer;
import spindle.compile.Layout;
import spindle.compile.Schedule;
import spindle.compile.Stage;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Variable;

/** Writes what is done with lists of events: a bit per neuron, and the indices. */
final class Lists {
  private final Program program;
  private final Layout layout;
  private final Arena arena;
  private final EventArrays arrays;

  Lists(Schedule schedule, Arena arena, EventArrays arrays) {
    this.program = schedule.program();
    this.layout = schedule.layout();
    this.arena = arena;
    this.arrays = arrays;
  }

  /**
   * A list, or neurons {@code [from, from + length)} of it: its address, to which {@code offset} is
   * to be added, and how many neurons it has room for.
   */
  record Place(String address, int offset, int neurons, int from, int length) {
    Place(String address, int offset, int neurons) {
      this(address, offset, neurons, 0, neurons);
    }

    /** What stands at an offset in a list. */
    Place behind(int more) {
      return new Place(address, offset + more, neurons);
    }

    /** Neurons {@code [first, end)} of those of this place. */
    Place part(int first, int end) {
      return new Place(address, offset, neurons, from + first, end - first);
    }

    boolean isWhole() {
      return length == neurons;
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

  /** Where the events of an array are. */
  Place array(Frame f, int array) {
    Stage.Slice part = arrays.part(array);
    if (part != null) {
      return source(f, part.source()).part(part.from(), part.to());
    }
    String home = arrays.home(array);
    return home == null
        ? new Place(f.base(), arena.array(array), layout.arrays().get(array).length())
        : ring(f, program.variable(home), 0);
  }

  /** The list of some steps ago; 0 is that of the step under way. */
  private Place ring(Frame f, Variable v, int delay) {
    int n = v.type().length();
    int size = Arena.listBytes(n);
    Arena.Ring ring = arena.ring(v.name());
    if (!ring.turns()) {
      return new Place(f.base(), ring.offset() + ring.number(0, delay) * size, n);
    }
    String turned = f.t().word("add.s32", f.tick(), Integer.toString(ring.lists() - delay));
    String number = f.t().word("rem.u32", turned, Integer.toString(ring.lists()));
    return new Place(f.at(f.base(), number, size), ring.offset(), n);
  }

  /** Number of events of the whole list. */
  String count(Frame f, Place list) {
    return f.load(DType.I32, list.address(), list.offset());
  }

  /** Writes what is done for event number {@code e} of the whole list, if the place has it. */
  void event(Frame f, Place list, String e, Consumer<String> use) {
    Text t = f.t();
    String i = t.word();
    t.add("ld." + f.space() + index(list), i, index(f, list, e));
    if (list.isWhole()) {
      use.accept(i);
      return;
    }
    String own = t.word("sub.s32", i, Integer.toString(list.from()));
    String outside = t.label();
    t.jumpIf(t.test("setp.ge.u32", own, Integer.toString(list.length())), outside);
    use.accept(own);
    t.place(outside);
  }

  /** Writes an index into a whole list. */
  static void set(Frame f, Place list, String place, String i) {
    f.t().add("st." + f.space() + index(list), index(f, list, place), i);
  }

  private static String index(Place list) {
    return Arena.indexBytes(list.neurons()) == Short.BYTES ? ".u16" : ".s32";
  }

  private static String index(Frame f, Place list, String e) {
    int size = Arena.indexBytes(list.neurons());
    int offset = list.offset() + Arena.indices(list.neurons());
    return "[" + f.at(list.address(), e, size) + "+" + offset + "]";
  }

  /** Whether a neuron is in a place: a predicate. */
  String isSet(Frame f, Place list, String neuron) {
    Text t = f.t();
    String i = list.isWhole() ? neuron : t.word("add.s32", neuron, Integer.toString(list.from()));
    String at = f.at(list.address(), t.word("shr.u32", i, "5"), 4);
    String word = f.load(DType.I32, at, list.offset() + Arena.bits());
    String shifted = t.word("shr.u32", word, t.word("and.b32", i, "31"));
    return t.test("setp.ne.s32", t.word("and.b32", shifted, "1"), "0");
  }

  /** What a step collects: the list, and where it is recorded or empty. */
  record Collected(Place list, String row) {}

  /** Where an array is collected. */
  Collected collected(Frame f, int array) {
    String home = arrays.home(array);
    return new Collected(array(f, array), home == null ? "" : row(f, home));
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
        e ->
            event(
                f,
                from.part(range.from(), range.to()),
                e,
                i -> {
                  String moved = t.word("add.s32", i, Integer.toString(range.first()));
                  String bit = t.word("shl.b32", "1", t.word("and.b32", moved, "31"));
                  String at = f.at(to.address(), t.word("shr.u32", moved, "5"), 4);
                  int offset = to.offset() + Arena.bits();
                  t.add("red." + f.space() + ".or.b32", "[" + at + "+" + offset + "]", bit);
                }));
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
    set(f, list, at[1], index);
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

  /**
   * Keeps a list for later steps that was not collected there, and records it if that is wanted.
   */
  void keep(Frame f, Stage.Keep s) {
    Place from = array(f, s.events());
    Place to = ring(f, program.variable(s.variable()), 0);
    f.once(() -> f.store(DType.I32, to.address(), to.offset(), count(f, from)));
    int words = Arena.words(from.neurons());
    copy(f, from.behind(Arena.bits()), to.behind(Arena.bits()), Integer.toString(words));
    f.each(count(f, from), e -> event(f, from, e, i -> set(f, to, e, i)));
    String row = row(f, s.variable());
    if (!row.isEmpty()) {
      f.each(
          words,
          w -> {
            int offset = from.offset() + Arena.bits();
            String x = f.load(DType.I32, f.at(from.address(), w, 4), offset);
            f.t().add("st.global.s32", "[" + f.at(row, w, 4) + "]", x);
          });
    }
  }

  /** Where this step of a variable is recorded, or empty. */
  private String row(Frame f, String variable) {
    int bytes = Arena.recordedBytes(program.variable(variable).type().length());
    if (!arena.isRecorded(variable) || bytes == 0) {
      return "";
    }
    String table = f.table(arena.table(variable, Arena.Kind.RECORDING));
    return f.at(table, f.row(), bytes);
  }

  private static void copy(Frame f, Place from, Place to, String words) {
    f.each(
        words,
        w -> {
          String x = f.load(DType.I32, f.at(from.address(), w, 4), from.offset());
          f.store(DType.I32, f.at(to.address(), w, 4), to.offset(), x);
        });
  }
}

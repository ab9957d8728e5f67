package spindle.compile.ptx;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Update;

/**
 * Writes the walk along a row that is regenerated: the loop of {@link Rows}, as it stands there.
 */
final class Walk {
  private static final Set<String> TURNS = Set.of(Rows.K, Rows.CURSOR);

  private final Frame f;
  private final Arena arena;
  private final Rows rows;
  private final Program body;
  private final Map<String, Integer> outputs = new LinkedHashMap<>();
  private final boolean[] turning;
  private final Elements elements;

  Walk(Frame f, Arena arena, Rows rows) {
    this.f = f;
    this.arena = arena;
    this.rows = rows;
    this.body = rows.body();
    this.elements = new Elements(f.t(), body.equations());
    this.turning = new boolean[body.equations().size()];
    for (Update u : body.updates()) {
      outputs.put(u.variable(), u.value());
    }
    for (int i = 0; i < turning.length; i++) {
      Equation e = body.at(i);
      turning[i] = TURNS.contains(e.name()) || e.args().stream().anyMatch(a -> turning[a]);
    }
  }

  /** Whether the columns of each row are sure to ascend. */
  static boolean ascends(Rows rows) {
    Program body = rows.body();
    var outputs = new HashMap<String, Integer>();
    body.updates().forEach(u -> outputs.put(u.variable(), u.value()));
    int column = outputs.get(Rows.COLUMN);
    Equation next = body.at(outputs.get(Rows.NEXT));
    boolean beyond =
        next.op() == Op.ADD
            && next.args().contains(column)
            && next.args().stream()
                .anyMatch(a -> body.at(a).op() == Op.CONST && body.at(a).value() == 1);
    return beyond || body.at(column).name().equals(Rows.CURSOR);
  }

  /** A synapse; its weight and delay are empty where the rows have none. */
  record Synapse(String column, String weight, DType dtype, String delay) {}

  /** Takes synapses as they are written. */
  interface Visitor {
    void synapse(Synapse synapse);
  }

  /** Where a walk is: registers. */
  record Turn(String row, String chunk, String k, String cursor) {}

  /** A walk that has not begun. */
  Turn turn(String row, String chunk) {
    return new Turn(row, chunk, f.t().word(), f.t().word());
  }

  /**
   * Writes the walk.
   *
   * @param delay the only delay that counts, or empty for all
   */
  void write(String row, String chunk, String delay, Visitor visitor) {
    Turn turn = turn(row, chunk);
    begin(turn);
    until(turn, "", delay, visitor);
  }

  /** Writes the beginning. */
  void begin(Turn at) {
    Text t = f.t();
    t.add("mov.b32", at.k(), "0");
    leaves(
        Map.of(
            Rows.ROW, at.row(), Rows.CHUNK, at.chunk(), Rows.K, at.k(), Rows.CURSOR, at.cursor()));
    compute(cone(outputs.values()), false);
    t.add("mov.b32", at.cursor(), output(Rows.FIRST));
  }

  /**
   * Writes the walk from where it is.
   *
   * @param bound the column at which to stop for now, if columns ascend; or empty
   */
  void until(Turn at, String bound, String delay, Visitor visitor) {
    Text t = f.t();
    String k = at.k();
    String cursor = at.cursor();
    String head = t.label();
    String skip = t.label();
    String end = t.label();
    t.place(head);
    t.jumpIf(t.test("setp.ge.s32", cursor, output(Rows.END)), end);
    if (outputs.containsKey(Rows.LIMIT)) {
      t.jumpIf(t.test("setp.ge.s32", k, output(Rows.LIMIT)), end);
    }
    var walked = new TreeSet<>(cone(places(Rows.ACCEPT, Rows.COLUMN, Rows.NEXT)));
    compute(walked, true);
    if (!bound.isEmpty()) {
      t.jumpIf(t.test("setp.ge.s32", output(Rows.COLUMN), bound), end);
    }
    if (outputs.containsKey(Rows.ACCEPT)) {
      t.jumpIf(t.test("setp.eq.s32", output(Rows.ACCEPT), "0"), skip);
    }
    var details = new TreeSet<>(cone(places(Rows.WEIGHT, Rows.DELAY)));
    details.removeAll(walked);
    compute(details, true);
    visit(delay, visitor);
    t.add("add.s32", k, k, "1");
    t.place(skip);
    t.add("mov.b32", cursor, output(Rows.NEXT));
    t.jump(head);
    t.place(end);
  }

  private void visit(String delay, Visitor visitor) {
    Text t = f.t();
    String other = t.label();
    String own = outputs.containsKey(Rows.DELAY) ? output(Rows.DELAY) : "";
    if (!delay.isEmpty() && !own.isEmpty()) {
      t.jumpIf(t.test("setp.ne.s32", own, delay), other);
    }
    Integer weight = outputs.get(Rows.WEIGHT);
    String w = weight == null ? "" : elements.value(weight);
    DType dtype = weight == null ? DType.F32 : elements.dtype(weight);
    visitor.synapse(new Synapse(output(Rows.COLUMN), w, dtype, own));
    t.place(other);
  }

  private String output(String name) {
    return elements.value(outputs.get(name));
  }

  private List<Integer> places(String... names) {
    return List.of(names).stream().filter(outputs::containsKey).map(outputs::get).toList();
  }

  private void leaves(Map<String, String> known) {
    for (int i = 0; i < turning.length; i++) {
      Equation e = body.at(i);
      if (e.op() != Op.PARAM) {
        continue;
      }
      if (known.containsKey(e.name())) {
        elements.set(i, known.get(e.name()));
      } else {
        elements.setFromDouble(i, f.load(DType.F64, f.base(), arena.argument(e.name())));
      }
    }
  }

  private void compute(Collection<Integer> places, boolean inTurns) {
    for (int i : places) {
      if (body.at(i).op().isElementwise() && turning[i] == inTurns) {
        elements.compute(i);
      }
    }
  }

  /** Places on the way to some ends, ascending. */
  private Collection<Integer> cone(Collection<Integer> ends) {
    var reached = new TreeSet<Integer>();
    var open = new ArrayDeque<>(ends);
    while (!open.isEmpty()) {
      int i = open.pop();
      if (reached.add(i)) {
        open.addAll(body.at(i).args());
      }
    }
    return reached;
  }

  /** Writes the walk along all chunks of a row, in order. */
  void chunks(String row, String delay, Visitor visitor) {
    if (rows.chunks() == 1) {
      write(row, "0", delay, visitor);
    } else {
      f.range("0", "1", Integer.toString(rows.chunks()), c -> write(row, c, delay, visitor));
    }
  }
}

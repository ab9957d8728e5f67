package spindle.compile;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Update;
import spindle.ir.Variable;

/**
 * The body of a row loop cut by what its equations depend on, so that all but a short rest is
 * computed for many rows and synapses at once:
 *
 * <ul>
 *   <li>row values, once per row;
 *   <li>draws, once per turn of the loop: they do not wait for the cursor, or the cursor counts;
 *   <li>the walk, one turn after the other: what is left of the cursor's way to the next column;
 *   <li>details, once per synapse: what depends on row, number and column: weights and delays.
 * </ul>
 *
 * @param outputs place of each output of the body
 * @param floor for each equation what it waits for: nothing, row, turn or cursor
 * @param counting whether the cursor goes up by one, so that turns give it
 */
record RowParts(Program body, Map<String, Integer> outputs, int[] floor, boolean counting) {
  static final int ROW = 1;
  static final int TURN = 2;
  static final int WALK = 3;

  /** Variables of the parts' programs, beside those named by {@link #name}. */
  static final String ROWS = "rows";

  static final String TURNS = "turns";
  static final String CURSORS = "cursors";
  static final String COLUMNS = "columns";
  static final String NUMBERS = "numbers";
  static final String ENDED = "ended";

  /** A number for columns that do not count. */
  static final String SPILL = "spill";

  private static final List<String> DETAILS = List.of(Rows.WEIGHT, Rows.DELAY);

  static RowParts of(Rows rows) {
    Program body = rows.body();
    var outputs = new LinkedHashMap<String, Integer>();
    for (Update u : body.updates()) {
      outputs.put(u.variable(), u.value());
    }
    boolean counting = counts(body, outputs.get(Rows.NEXT));
    boolean skips = counting && outputs.containsKey(Rows.ACCEPT);
    int[] floor = new int[body.equations().size()];
    for (int i = 0; i < floor.length; i++) {
      Equation e = body.at(i);
      int own =
          switch (e.name()) {
            case Rows.ROW -> ROW;
            case Rows.K -> skips ? WALK : TURN;
            case Rows.CURSOR -> counting ? TURN : WALK;
            default -> 0;
          };
      floor[i] = e.args().stream().mapToInt(a -> floor[a]).max().orElse(own);
    }
    return new RowParts(body, outputs, floor, counting);
  }

  private static boolean counts(Program body, int next) {
    Equation e = body.at(next);
    return e.op() == Op.ADD
        && e.args().stream().anyMatch(a -> body.at(a).name().equals(Rows.CURSOR))
        && e.args().stream().anyMatch(a -> body.at(a).op() == Op.CONST && body.at(a).value() == 1);
  }

  /**
   * Whether several rows can take their turns together and count their columns in any order: a row
   * ends with its first column that is not below {@code end}, the same for all rows of a chunk.
   */
  boolean inStep() {
    return !counting
        && !detailed()
        && !outputs.containsKey(Rows.LIMIT)
        && floor[end()] == 0
        && body.at(end()).op() != Op.CONST
        && body.at(outputs.get(Rows.FIRST)).op() != Op.CONST
        && readByTurns().stream().allMatch(i -> body.at(i).type().dtype() == DType.I32)
        && endsWithColumn();
  }

  private boolean endsWithColumn() {
    int column = outputs.get(Rows.COLUMN);
    Integer accept = outputs.get(Rows.ACCEPT);
    if (accept == null) {
      return isCursor(column);
    }
    Equation next = body.at(outputs.get(Rows.NEXT));
    boolean ahead =
        next.op() == Op.ADD
            && next.args().get(0) == column
            && body.at(next.args().get(1)).op() == Op.CONST
            && body.at(next.args().get(1)).value() > 0;
    return ahead
        && isSign(accept)
        && body.at(body.at(accept).args().get(0)).args().equals(List.of(column, end()));
  }

  private int end() {
    return outputs.get(Rows.END);
  }

  /** The name of an output in the programs of the parts. */
  String outputName(String output) {
    return name(outputs.get(output));
  }

  /** The name of a value in the programs of the parts. */
  static String name(int place) {
    return "v" + place;
  }

  /** Places that the walk computes itself, in order. */
  List<Integer> walked() {
    return cone(walkOutputs(), i -> floor[i] < WALK).stream()
        .filter(i -> floor[i] == WALK || isCursor(i))
        .toList();
  }

  /** Row values and draws that the walk reads. */
  List<Integer> readByWalk(int what) {
    return cone(walkOutputs(), i -> floor[i] < WALK).stream()
        .filter(i -> body.at(i).op() != Op.CONST && !isCursor(i))
        .filter(i -> what == ROW ? floor[i] <= ROW : floor[i] == TURN)
        .toList();
  }

  private boolean isCursor(int place) {
    return body.at(place).name().equals(Rows.CURSOR);
  }

  private List<Integer> walkOutputs() {
    return outputs.entrySet().stream()
        .filter(o -> !DETAILS.contains(o.getKey()))
        .filter(o -> !(counting && o.getKey().equals(Rows.NEXT)))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Whether a value is 1 where a difference of two counts is negative, else 0. */
  boolean isSign(int place) {
    Equation e = body.at(place);
    return e.op() == Op.SHR
        && body.at(e.args().get(1)).value() == 31
        && body.at(e.args().get(0)).op() == Op.SUB;
  }

  /** Whether synapses have weights of their own. */
  boolean weighted() {
    return outputs.containsKey(Rows.WEIGHT);
  }

  /** Whether synapses have anything of their own. */
  boolean detailed() {
    return !detailOutputs().isEmpty();
  }

  /** Places on the way to {@code ends}, no further than where {@code stop} holds. */
  private Collection<Integer> cone(Collection<Integer> ends, Predicate<Integer> stop) {
    var reached = new TreeSet<Integer>();
    var open = new ArrayDeque<>(ends);
    while (!open.isEmpty()) {
      int i = open.pop();
      if (reached.add(i) && !stop.test(i)) {
        open.addAll(body.at(i).args());
      }
    }
    return reached;
  }

  /** Row values that draws or details read beside the row itself. */
  List<Integer> spread(List<Integer> ends, Predicate<Integer> stop) {
    return cone(ends, i -> floor[i] <= ROW || stop.test(i)).stream()
        .filter(i -> floor[i] == ROW)
        .toList();
  }

  List<Integer> spreadToDraws() {
    return spread(readByWalk(TURN), i -> false);
  }

  List<Integer> spreadToDetails() {
    return spread(detailOutputs(), i -> i.equals(outputs.get(Rows.COLUMN)));
  }

  private List<Integer> detailOutputs() {
    return outputs.entrySet().stream()
        .filter(o -> DETAILS.contains(o.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Computes all row values that anybody reads, for {@code size} rows. */
  Program rowProgram(int size) {
    var trace = new Trace(body.name() + " rows");
    Expr row = trace.load(declare(trace, ROWS, DType.I32, size));
    var wanted = new TreeSet<>(readByWalk(ROW));
    wanted.addAll(spreadToDraws());
    wanted.addAll(spreadToDetails());
    var replay = new Replay(trace, new HashMap<>());
    for (int i = 0; i < floor.length; i++) {
      if (body.at(i).name().equals(Rows.ROW)) {
        replay.known.put(i, row);
      }
    }
    for (int i : wanted) {
      DType dtype = body.at(i).type().dtype();
      Expr value = replay.value(i);
      // What all rows share is laid out for each; adding 0 leaves all but -0 as it is.
      Expr each = value.type().isScalar() ? row.times(0).as(dtype).plus(value) : value;
      trace.store(declare(trace, name(i), dtype, size), each);
    }
    return trace.finish();
  }

  /** Row values that turns read, beside the cursor. */
  List<Integer> readByTurns() {
    return spread(List.of(outputs.get(Rows.COLUMN), outputs.get(Rows.NEXT)), i -> false);
  }

  /**
   * Computes the next {@code turns} columns of {@code lanes} rows, {@link #COLUMNS} and the number
   * of the turn, takes their cursors and the numbers of their turns along, and lists which have
   * {@link #ENDED}.
   *
   * @param spilling whether columns that are not below the end become {@link #SPILL}
   */
  Program turnProgram(int lanes, int turns, boolean spilling) {
    var trace = new Trace(body.name() + " turns");
    Expr cursor = trace.load(declare(trace, CURSORS, DType.I32, lanes));
    Expr turn = trace.load(declare(trace, TURNS, DType.I32, lanes));
    var shared = new HashMap<Integer, Expr>();
    spreadInto(trace, shared, readByTurns(), lanes);
    Expr end = new Replay(trace, shared).value(end());
    if (spilling) {
      trace.declare(Variable.of(SPILL, Type.scalar(DType.I32)));
    }
    for (int t = 0; t < turns; t++) {
      var replay = new Replay(trace, new HashMap<>(shared));
      for (int i = 0; i < floor.length; i++) {
        if (isCursor(i)) {
          replay.known.put(i, cursor);
        } else if (body.at(i).name().equals(Rows.K)) {
          replay.known.put(i, turn.plus(t));
        }
      }
      Expr column = replay.value(outputs.get(Rows.COLUMN));
      Expr kept = spilling ? spilt(column, end, trace.load(SPILL)) : column;
      trace.store(declare(trace, COLUMNS + t, DType.I32, lanes), kept);
      // No cursor runs on beyond the end, where it would overflow.
      cursor = replay.value(outputs.get(Rows.NEXT)).min(end);
    }
    trace.store(CURSORS, cursor);
    trace.store(TURNS, turn.plus(turns));
    Expr ended = trace.collect(cursor.minus(end).as(DType.F32).heaviside());
    trace.store(declare(trace, ENDED, DType.EVENTS, lanes), ended);
    return trace.finish();
  }

  /** A column below the end, else another number. */
  private static Expr spilt(Expr column, Expr end, Expr spill) {
    Expr beyond = column.minus(end);
    Expr below = beyond.apply(Op.SHR, beyond.like(31)).from(0); // all bits, or none
    return spill.plus(column.minus(spill).apply(Op.AND, below));
  }

  /** Computes the draws of {@code size} turns. */
  Program drawProgram(int size) {
    var trace = new Trace(body.name() + " draws");
    var known = new HashMap<Integer, Expr>();
    for (int i = 0; i < floor.length; i++) {
      if (body.at(i).name().equals(Rows.K)) {
        known.put(i, trace.load(declare(trace, TURNS, DType.I32, size)));
      } else if (body.at(i).name().equals(Rows.CURSOR)) {
        known.put(i, trace.load(declare(trace, CURSORS, DType.I32, size)));
      }
    }
    spreadInto(trace, known, spreadToDraws(), size);
    var replay = new Replay(trace, known);
    for (int i : readByWalk(TURN)) {
      trace.store(declare(trace, name(i), body.at(i).type().dtype(), size), replay.value(i));
    }
    return trace.finish();
  }

  /** Computes the details of {@code size} synapses. */
  Program detailProgram(int size) {
    var trace = new Trace(body.name() + " details");
    var known = new HashMap<Integer, Expr>();
    Expr column = trace.load(declare(trace, COLUMNS, DType.I32, size));
    for (int i = 0; i < floor.length; i++) {
      if (body.at(i).name().equals(Rows.K)) {
        known.put(i, trace.load(declare(trace, NUMBERS, DType.I32, size)));
      }
    }
    known.put(outputs.get(Rows.COLUMN), column);
    spreadInto(trace, known, spreadToDetails(), size);
    var replay = new Replay(trace, known);
    for (String output : DETAILS) {
      Integer i = outputs.get(output);
      if (i != null) {
        DType dtype = body.at(i).type().dtype();
        Expr value = replay.value(i);
        Expr each = value.type().isScalar() ? column.times(0).as(dtype).plus(value) : value;
        trace.store(declare(trace, output, dtype, size), each);
      }
    }
    return trace.finish();
  }

  private void spreadInto(Trace trace, Map<Integer, Expr> known, List<Integer> places, int size) {
    for (int i : places) {
      known.put(i, trace.load(declare(trace, name(i), body.at(i).type().dtype(), size)));
    }
  }

  private static String declare(Trace trace, String name, DType dtype, int size) {
    Variable v = Variable.of(name, Type.vector(dtype, size));
    trace.declare(v);
    return v.name();
  }

  @Override
  public String toString() {
    return body + " floors " + Arrays.toString(floor);
  }

  /** Repeats equations of the body in another trace. */
  private final class Replay {
    private final Trace trace;
    private final Map<Integer, Expr> known;

    Replay(Trace trace, Map<Integer, Expr> known) {
      this.trace = trace;
      this.known = known;
    }

    Expr value(int place) {
      Expr before = known.get(place);
      if (before == null) {
        before = repeat(body.at(place));
        known.put(place, before);
      }
      return before;
    }

    private Expr repeat(Equation e) {
      DType dtype = e.type().dtype();
      if (e.op() == Op.CONST) {
        return trace.constant(dtype, e.value());
      }
      if (e.op() == Op.LOAD) {
        return trace.load(declare(trace, e.name(), dtype, e.type().length()));
      }
      if (e.op() == Op.GATHER) {
        return trace.gather(value(e.args().get(0)), value(e.args().get(1)));
      }
      if (e.op() != Op.PARAM) {
        return trace.repeat(e, e.args().stream().map(this::value).toList());
      }
      return switch (e.name()) {
        case Rows.CHUNK -> trace.load(trace.declare(Variable.of(e.name(), e.type())).name());
        case Rows.ROW, Rows.K, Rows.CURSOR ->
            throw new IllegalArgumentException(
                body.name() + ": details are functions of row, k and column, not of " + e.name());
        default -> trace.parameter(e.name(), dtype);
      };
    }
  }
}

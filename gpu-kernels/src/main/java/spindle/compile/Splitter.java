package spindle.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;

/**
 * Cuts a run of elementwise equations into loops that C2 compiles well, so that the fewest arrays
 * are read and written between them.
 */
final class Splitter {
  private static final int LOOP_COST = 2;

  /**
   * What one loop may hold.
   *
   * @param most bound on the sum of the equations' work
   * @param work of an equation
   * @param compiled whether it is left to C2 to make vectors of it
   */
  private record Limit(int most, ToIntFunction<Equation> work, boolean compiled) {
    /** Work and arrays read and written: beyond, C2 unrolls no more and emits scalar code. */
    static final Limit PLAIN = new Limit(20, Splitter::work, true);

    static final Limit VECTOR = new Limit(VectorLoops.mostBytes(), VectorLoops::bytes, false);

    /** Each array has its address and its bounds: with more, a loop is too large to unroll. */
    static final int MOST_ARRAYS = 7;
  }

  private final Program program;
  private final List<Integer> group;
  private final Set<Integer> needed;
  private final Limit limit;
  private final Map<Integer, Integer> lastUse = new HashMap<>();

  private Splitter(Program program, List<Integer> group, Set<Integer> needed, Limit limit) {
    this.program = program;
    this.group = group;
    this.needed = needed;
    this.limit = limit;
    for (int at = 0; at < group.size(); at++) {
      for (int a : program.at(group.get(at)).args()) {
        lastUse.put(a, at);
      }
    }
  }

  /**
   * The loops, as runs of places.
   *
   * @param group places of one level and length, in order
   * @param needed places whose value is used outside the group
   * @param vectors whether the loops are written with vector operations
   */
  static List<List<Integer>> split(
      Program program, List<Integer> group, Set<Integer> needed, boolean vectors) {
    Limit limit = vectors ? Limit.VECTOR : Limit.PLAIN;
    return new Splitter(program, group, needed, limit).cheapest();
  }

  private List<List<Integer>> cheapest() {
    int n = group.size();
    var cost = new int[n + 1];
    var start = new int[n + 1];
    Arrays.fill(cost, 1, n + 1, Integer.MAX_VALUE / 2);
    for (int to = 1; to <= n; to++) {
      var run = new Run(to);
      for (int from = to - 1; from >= 0; from--) {
        run.extend(from);
        if (from < to - 1 && !run.fits()) {
          break;
        }
        int here = cost[from] + LOOP_COST + run.traffic();
        if (here < cost[to]) {
          cost[to] = here;
          start[to] = from;
        }
      }
    }
    var parts = new ArrayList<List<Integer>>();
    for (int to = n; to > 0; to = start[to]) {
      parts.add(group.subList(start[to], to));
    }
    Collections.reverse(parts);
    return parts;
  }

  /** The equations of the group up to {@code to}, from a beginning that moves down. */
  private final class Run {
    private final int to;
    private final Set<Integer> read = new HashSet<>();
    private int written;

    /** Arrivals, which are cleared behind the reading. */
    private int cleared;

    private int work;
    private int unfit;
    private int size;

    Run(int to) {
      this.to = to;
    }

    void extend(int from) {
      int place = group.get(from);
      Equation e = program.at(place);
      read.remove(place);
      for (int a : e.args()) {
        boolean vector = !program.at(a).type().isScalar() && program.at(a).op() != Op.INDEX;
        if (vector && read.add(a) && Barriers.isAdded(program, program.at(a))) {
          cleared++;
        }
      }
      written += needed.contains(place) || lastUse.getOrDefault(place, -1) >= to ? 1 : 0;
      work += limit.work().applyAsInt(e);
      unfit += isUnfit(e) ? 1 : 0;
      size++;
    }

    /**
     * Beyond about 20 chained operations, or fewer with many arrays, C2 emits scalar code, an order
     * of magnitude slower; an operation that it never vectorises spoils the loop it stands in.
     */
    boolean fits() {
      if (!limit.compiled()) {
        return work <= limit.most();
      }
      boolean small = work + traffic() <= limit.most() && traffic() - cleared <= Limit.MOST_ARRAYS;
      return small && (unfit == 0 || unfit == size);
    }

    /** Arrays read and written. */
    int traffic() {
      return read.size() + written + cleared;
    }
  }

  private static int work(Equation e) {
    return e.op() == Op.HEAVISIDE ? 5 : 1;
  }

  private static boolean isUnfit(Equation e) {
    return switch (e.op()) {
      case CAST, SCALE, EXPONENT, MANTISSA, SELECT, FLOOR, ABS -> true;
      case CONST,
          PARAM,
          TIME,
          INDEX,
          LOAD,
          ADD,
          SUB,
          MUL,
          DIV,
          FMA,
          NEG,
          SQRT,
          MIN,
          MAX,
          AND,
          XOR,
          SHL,
          SHR,
          HEAVISIDE,
          GATHER,
          SUM,
          RECENT,
          SLICE,
          COLLECT,
          MARK,
          PAD,
          SCATTER,
          PROPAGATE,
          TRANSMIT,
          PAIR ->
          false;
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP -> false;
    };
  }
}

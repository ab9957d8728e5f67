package spindle.compile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;

/**
 * Cuts a run of elementwise equations into loops short enough for C2's vectoriser.
 *
 * <p>Beyond about 20 chained operations C2 unrolls no more and emits scalar code, an order of
 * magnitude slower; an operation that it never vectorises spoils the whole loop it stands in. So
 * the cuts minimise arrays read and written, under a bound on operations, with unfit operations
 * apart.
 */
final class Splitter {
  private static final int MOST_WORK = 20;
  private static final int LOOP_COST = 2;

  private final Program program;
  private final List<Integer> group;
  private final Set<Integer> needed;
  private final Map<Integer, Integer> lastUse = new HashMap<>();

  private Splitter(Program program, List<Integer> group, Set<Integer> needed) {
    this.program = program;
    this.group = group;
    this.needed = needed;
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
   */
  static List<List<Integer>> split(Program program, List<Integer> group, Set<Integer> needed) {
    return new Splitter(program, group, needed).cheapest();
  }

  private List<List<Integer>> cheapest() {
    int n = group.size();
    var cost = new int[n + 1];
    var start = new int[n + 1];
    Arrays.fill(cost, 1, n + 1, Integer.MAX_VALUE / 2);
    for (int to = 1; to <= n; to++) {
      for (int from = to - 1; from >= 0 && (from == to - 1 || fits(from, to)); from--) {
        int here = cost[from] + LOOP_COST + traffic(from, to);
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

  private boolean fits(int from, int to) {
    int work = 0;
    int unfit = 0;
    for (int place : group.subList(from, to)) {
      work += work(program.at(place).op());
      unfit += isUnfit(program.at(place)) ? 1 : 0;
    }
    return work + traffic(from, to) <= MOST_WORK && (unfit == 0 || unfit == to - from);
  }

  /** Arrays read and written by a loop over {@code [from, to)} of the group. */
  private int traffic(int from, int to) {
    var inside = new HashSet<>(group.subList(from, to));
    var read = new HashSet<Integer>();
    int written = 0; // arrivals are cleared behind the reading, so they count as written too
    for (int place : inside) {
      for (int a : program.at(place).args()) {
        boolean vector = !program.at(a).type().isScalar() && program.at(a).op() != Op.INDEX;
        if (vector && !inside.contains(a) && read.add(a)) {
          written += Barriers.isEventDriven(program, program.at(a)) ? 1 : 0;
        }
      }
      written += needed.contains(place) || usedAfter(place, to) ? 1 : 0;
    }
    return read.size() + written;
  }

  private boolean usedAfter(int place, int to) {
    return lastUse.getOrDefault(place, -1) >= to;
  }

  private static int work(Op op) {
    return op == Op.HEAVISIDE ? 5 : 1;
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

package spindle.grad;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Type;

/**
 * The values of a step that take the least memory and from which some others follow without old
 * state and without any product with a connectivity: a minimum cut, found as a maximum flow
 * (Edmonds and Karp 1972, J ACM 19:248).
 *
 * <p>Flow comes in where old state is loaded and where products are, goes from operands to values,
 * and leaves at what is wanted; through a value goes as much as it has bytes. Of several minimum
 * cuts this is the one closest to what is wanted, so that the least is computed again.
 */
final class Cut {
  /** More than any sum of values; twice it is no overflow. */
  private static final long UNBOUNDED = Long.MAX_VALUE / 4;

  /** Events are few beside the elements of any vector. */
  private static final long EVENTS = 1;

  private final Program p;
  private final Set<String> moving;
  private final List<List<Arc>> arcs = new ArrayList<>();
  private final int source;
  private final int sink;

  /** One direction of an edge: what may still flow, and the way back. */
  private static final class Arc {
    private final int to;
    private long room;
    private Arc back;

    Arc(int to, long room) {
      this.to = to;
      this.room = room;
    }
  }

  private Cut(Program p) {
    this.p = p;
    this.moving = p.updates().stream().map(u -> u.variable()).collect(Collectors.toSet());
    this.source = 2 * p.equations().size();
    this.sink = source + 1;
    for (int node = 0; node <= sink; node++) {
      arcs.add(new ArrayList<>());
    }
  }

  /**
   * Finds the cut.
   *
   * @param wanted places of values
   * @return places, ascending
   */
  static List<Integer> of(Program p, Collection<Integer> wanted) {
    var cut = new Cut(p);
    for (int i = 0; i < p.equations().size(); i++) {
      cut.add(i);
    }
    wanted.forEach(i -> cut.connect(out(i), cut.sink, UNBOUNDED));
    while (cut.augment()) {}
    return cut.closest();
  }

  private static int in(int place) {
    return 2 * place;
  }

  private static int out(int place) {
    return 2 * place + 1;
  }

  private void add(int place) {
    Equation e = p.at(place);
    connect(in(place), out(place), bytes(e));
    if (isProduct(e) || (isLoad(e) && moving.contains(e.name()))) {
      connect(source, in(place), UNBOUNDED);
    } else {
      e.args().forEach(a -> connect(out(a), in(place), UNBOUNDED));
    }
  }

  private static boolean isLoad(Equation e) {
    return e.op() == Op.LOAD || e.op() == Op.RECENT;
  }

  private static boolean isProduct(Equation e) {
    return e.op() == Op.PROPAGATE || e.op() == Op.TRANSMIT || e.op() == Op.PAIR;
  }

  /** What it takes to keep a value; events are kept by the variable that holds them alone. */
  private static long bytes(Equation e) {
    Type type = e.type();
    if (type.dtype() == DType.EVENTS) {
      return isLoad(e) ? EVENTS : UNBOUNDED;
    }
    return (long) type.size() * (type.isScalar() || type.dtype() == DType.F64 ? 8 : 4);
  }

  private void connect(int from, int to, long room) {
    var there = new Arc(to, room);
    var back = new Arc(from, 0);
    there.back = back;
    back.back = there;
    arcs.get(from).add(there);
    arcs.get(to).add(back);
  }

  /** Sends as much as one more shortest path lets through; false if there is none. */
  private boolean augment() {
    var by = new Arc[arcs.size()];
    var open = new ArrayDeque<Integer>(List.of(source));
    while (!open.isEmpty() && by[sink] == null) {
      for (Arc a : arcs.get(open.pop())) {
        if (a.room > 0 && a.to != source && by[a.to] == null) {
          by[a.to] = a;
          open.add(a.to);
        }
      }
    }
    if (by[sink] == null) {
      return false;
    }
    long flow = UNBOUNDED;
    for (int node = sink; node != source; node = by[node].back.to) {
      flow = Math.min(flow, by[node].room);
    }
    for (int node = sink; node != source; node = by[node].back.to) {
      by[node].room -= flow;
      by[node].back.room += flow;
    }
    return true;
  }

  /** Values through which all flows that leads to where more could still leave. */
  private List<Integer> closest() {
    var leaves = new boolean[arcs.size()];
    var open = new ArrayDeque<Integer>(List.of(sink));
    leaves[sink] = true;
    while (!open.isEmpty()) {
      for (Arc a : arcs.get(open.pop())) {
        if (a.back.room > 0 && !leaves[a.to]) {
          leaves[a.to] = true;
          open.add(a.to);
        }
      }
    }
    var places = new ArrayList<Integer>();
    for (int i = 0; i < p.equations().size(); i++) {
      if (leaves[out(i)] && !leaves[in(i)]) {
        places.add(i);
      }
    }
    return places;
  }
}

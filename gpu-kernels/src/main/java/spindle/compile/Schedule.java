package spindle.compile;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Type;
import spindle.ir.Update;

/**
 * The work of one step in order, with a place for every value.
 *
 * <p>A new value of a variable goes straight into the variable's array when nothing later in the
 * step still reads the old one; otherwise it waits in an array of its own and is copied at the end.
 *
 * @param program the lowered program
 * @param stages in order
 * @param layout where values live
 */
public record Schedule(Program program, List<Stage> stages, Layout layout) {
  /** A scalar takes up to 70 bytes of code, and methods above 8,000 bytes are never compiled. */
  private static final int MOST_SCALARS = 100;

  /** Schedules a lowered program. */
  public static Schedule of(Program lowered, Mode mode) {
    return of(lowered, mode, Set.of());
  }

  /**
   * Schedules a lowered program.
   *
   * @param counted rows that can count events in 16 bits, which vector loops then read; or, for
   *     threads, in whole numbers. For a step before which a variable remembers more than 32,767
   *     events in one step, the caller takes another schedule
   */
  public static Schedule of(Program lowered, Mode mode, Set<String> counted) {
    return new Builder(lowered, mode, counted).build();
  }

  private static final class Builder {
    private final Program p;
    private final Mode mode;
    private final Set<String> counted;
    private final Layout layout;
    private final int[] levels;
    private final boolean[] constant;
    private final List<Stage> stages = new ArrayList<>();
    private final List<List<Integer>> parts = new ArrayList<>();
    private final Map<Integer, Integer> partOf = new HashMap<>();
    private final Set<Integer> vectorParts = new HashSet<>();
    private final Map<String, Integer> lastRead = new HashMap<>();
    private final Set<Integer> fused = new HashSet<>();
    private final Barriers barriers;

    Builder(Program p, Mode mode, Set<String> counted) {
      this.p = p;
      this.mode = mode;
      this.counted = counted;
      this.layout = new Layout(p);
      // On a device a thread per element waits for its neighbours' anyway.
      int[] masks = mode == Mode.THREADS ? Needs.all(p) : Needs.of(p);
      this.levels = Levels.of(p, masks);
      this.constant = Constants.known(p);
      this.barriers = new Barriers(p, mode, layout, stages, masks);
    }

    Schedule build() {
      int top = 0;
      for (int level : levels) {
        top = Math.max(top, level == Integer.MAX_VALUE ? 0 : level);
      }
      var loops = new HashMap<Integer, List<List<List<Integer>>>>();
      for (int level = 0; level <= top; level++) {
        loops.put(level, cut(level));
      }
      readers();
      numbers();
      for (int level = 0; level <= top; level++) {
        barriers(level);
        scalars(level);
        for (List<List<Integer>> group : loops.get(level)) {
          stages.add(loops(group));
        }
      }
      finish();
      List<Stage> all =
          mode == Mode.THREADS
              ? stages.stream().flatMap(Builder::apart).toList()
              : Additions.joined(p, layout, stages);
      return new Schedule(p, all, layout);
    }

    /** For threads, that marks events is work of its own. */
    private static Stream<Stage> apart(Stage stage) {
      return stage instanceof Stage.Pair pair
          ? Stream.concat(pair.marks().stream(), Stream.of(pair.alone()))
          : Stream.of(stage);
    }

    /** Cuts the groups of a level into loops and numbers the loops in order of execution. */
    private List<List<List<Integer>>> cut(int level) {
      var result = new ArrayList<List<List<Integer>>>();
      for (List<Integer> group : Levels.groups(p, levels, level)) {
        boolean vectors = VectorLoops.fit(p, group, mode);
        List<List<Integer>> cuts =
            isFused(group)
                ? List.of(group)
                : Splitter.split(p, group, neededOutside(group), vectors);
        for (List<Integer> part : cuts) {
          if (vectors) {
            vectorParts.add(parts.size());
          }
          part.forEach(place -> partOf.put(place, parts.size()));
          parts.add(part);
        }
        result.add(cuts);
      }
      return result;
    }

    private boolean isFused(List<Integer> group) {
      return mode == Mode.THREADS || (mode == Mode.FUSED && VectorLoops.isCompilable(p, group));
    }

    private Set<Integer> neededOutside(List<Integer> group) {
      var inside = new HashSet<>(group);
      var needed = new HashSet<Integer>();
      for (int i = 0; i < p.equations().size(); i++) {
        if (!inside.contains(i)) {
          needed.addAll(p.at(i).args());
        }
      }
      p.updates().forEach(u -> needed.add(u.value()));
      return needed;
    }

    /**
     * The last loop in which each variable's old value is read; barriers count as the very last.
     */
    private void readers() {
      for (int i = 0; i < p.equations().size(); i++) {
        for (int a : p.at(i).args()) {
          if (p.at(a).op() == Op.LOAD) {
            lastRead.merge(p.at(a).name(), partOf.getOrDefault(i, Integer.MAX_VALUE), Math::max);
          }
        }
      }
      for (Update u : p.updates()) {
        if (p.at(u.value()).op() == Op.LOAD) {
          lastRead.put(p.at(u.value()).name(), Integer.MAX_VALUE);
        }
      }
    }

    /** Lays out an index where it is used as a whole; inside loops it is the loop's own. */
    private void numbers() {
      for (int i = 0; i < levels.length; i++) {
        int place = i;
        boolean whole =
            p.updates().stream().anyMatch(u -> u.value() == place)
                || p.equations().stream()
                    .anyMatch(e -> e.op().isWhole() && e.args().contains(place));
        if (p.at(i).op() == Op.INDEX && whole) {
          stages.add(new Stage.Numbering(layout.home(i, p.at(i).type())));
        }
      }
    }

    private void barriers(int level) {
      for (int i = 0; i < levels.length; i++) {
        Equation e = p.at(i);
        if (levels[i] == level && e.op().isWhole() && !fused.contains(i)) {
          boolean cleared = clearedBy(i) >= 0;
          if (cleared && isCounted(i)) {
            layout.holdCounts(barriers.home(i));
          }
          settleWhole(i);
          barriers.add(i, cleared);
        }
      }
    }

    /**
     * Makes a whole operation write a variable of which nobody reads the old value. Arrivals leave
     * their target alone in a step without news, so they keep one of their own.
     */
    private void settleWhole(int place) {
      Type type = p.at(place).type();
      boolean vector = !type.isScalar() && type.dtype() != DType.EVENTS;
      if (!vector || layout.hasHome(place) || Barriers.isArrival(p, p.at(place))) {
        return;
      }
      p.updates().stream()
          .filter(u -> u.value() == place && !lastRead.containsKey(u.variable()))
          .findFirst()
          .ifPresent(u -> layout.settle(place, layout.variable(u.variable())));
    }

    /**
     * Whether arrivals are counts, of which a few bits hold all: for vector loops alone, or for
     * threads, which add whole numbers sooner.
     */
    private boolean isCounted(int place) {
      boolean threads = mode == Mode.THREADS;
      return counted.contains(p.at(place).name())
          && Barriers.isCount(p, p.at(place))
          && Barriers.fitsCounts(p, p.at(place), threads)
          && IntStream.range(0, levels.length)
              .filter(i -> p.at(i).args().contains(place))
              .mapToObj(partOf::get)
              .allMatch(part -> threads ? part != null : vectorParts.contains(part));
    }

    /** The loop that reads a sum of arrivals last and leaves zeros behind, or -1. */
    private int clearedBy(int place) {
      if (!Barriers.isAdded(p, p.at(place))) {
        return -1;
      }
      int last = -1;
      for (int i = 0; i < p.equations().size(); i++) {
        if (p.at(i).args().contains(place)) {
          if (!partOf.containsKey(i)) {
            return -1;
          }
          last = Math.max(last, partOf.get(i));
        }
      }
      return p.updates().stream().anyMatch(u -> u.value() == place) ? -1 : last;
    }

    /** Passes over the scalars of a level that change from step to step. */
    private void scalars(int level) {
      var changing = new ArrayList<Integer>();
      for (int i = 0; i < levels.length; i++) {
        Equation e = p.at(i);
        boolean work = e.op().isElementwise() && e.type().isScalar() && !constant[i];
        if (work && levels[i] == level) {
          changing.add(i);
        }
      }
      for (int from = 0; from < changing.size(); from += MOST_SCALARS) {
        List<Integer> part = changing.subList(from, Math.min(changing.size(), from + MOST_SCALARS));
        LoopBuilder loop = new LoopBuilder(p, layout, constant);
        part.forEach(loop::compute);
        part.forEach(loop::keep);
        stages.add(new Stage.Loops(Type.SCALAR, Mode.PLAIN, List.of(loop.build())));
      }
    }

    private Stage loops(List<List<Integer>> group) {
      var loops = new ArrayList<Loop>();
      boolean vectors = vectorParts.contains(partOf.get(group.get(0).get(0)));
      Mode used = vectors ? Mode.VECTOR : Mode.PLAIN;
      for (List<Integer> part : group) {
        loops.add(loop(part, used));
      }
      int length = p.at(group.get(0).get(0)).type().length();
      return new Stage.Loops(length, used, loops);
    }

    private Loop loop(List<Integer> part, Mode used) {
      int number = partOf.get(part.get(0));
      var loop = new LoopBuilder(p, layout, constant);
      part.forEach(loop::compute);
      for (int place : part) {
        settleUpdate(place, number);
        // Before JDK 21 no intrinsic turns a mask into bits.
        if (mode == Mode.THREADS || (used == Mode.VECTOR && Jvm.isGoodAtVectors())) {
          fuseCollect(loop, place);
        }
        if (!layout.hasHome(place) && isReadOutside(place, number)) {
          layout.home(place, p.at(place).type());
        }
        loop.storeIfHome(place);
      }
      for (int i = 0; i < p.equations().size(); i++) {
        if (clearedBy(i) == number) {
          loop.clear(layout.home(i, p.at(i).type()));
        }
      }
      return loop.build();
    }

    private void settleUpdate(int place, int number) {
      for (Update u : p.updates()) {
        boolean free = lastRead.getOrDefault(u.variable(), -1) <= number;
        if (u.value() == place && free) {
          if (layout.hasHome(place)) {
            continue; // a second variable with the same value is copied at the end
          }
          layout.settle(place, layout.variable(u.variable()));
        }
      }
    }

    private void fuseCollect(LoopBuilder loop, int place) {
      for (int i = place + 1; i < p.equations().size(); i++) {
        if (p.at(i).op() == Op.COLLECT && p.at(i).args().get(0) == place) {
          fused.add(i);
          loop.collect(place, barriers.home(i));
        }
      }
    }

    private boolean isReadOutside(int place, int number) {
      for (int i = place + 1; i < p.equations().size(); i++) {
        boolean elsewhere = partOf.getOrDefault(i, -1) != number && !fused.contains(i);
        if (elsewhere && p.at(i).args().contains(place)) {
          return true;
        }
      }
      return p.updates().stream().anyMatch(u -> u.value() == place);
    }

    /** Copies what could not be written in place and keeps the new events. */
    private void finish() {
      p.updates().forEach(this::save);
      for (Update u : p.updates()) {
        int place = u.value();
        Type type = p.at(place).type();
        boolean saved = isFromOther(u);
        if (type.isScalar()) {
          int from = saved ? layout.slot(place) : scalarSlot(place);
          stages.add(new Stage.CopySlot(from, layout.scalarVariable(u.variable())));
        } else if (type.dtype() == DType.EVENTS) {
          stages.add(new Stage.Keep(barriers.home(place), u.variable()));
        } else {
          int from = saved ? layout.home(place, type) : barriers.vector(place);
          int to = layout.variable(u.variable());
          if (from != to) {
            stages.add(new Stage.Copy(from, to));
          }
        }
      }
    }

    /**
     * Sets aside the old value of a variable that another one takes over, before any is written.
     */
    private void save(Update u) {
      Equation e = p.at(u.value());
      if (e.op() != Op.LOAD || layout.hasHome(u.value()) || !isFromOther(u)) {
        return;
      }
      int length = e.type().length();
      if (e.type().isScalar()) {
        int from = layout.scalarVariable(e.name());
        stages.add(new Stage.CopySlot(from, layout.slot(u.value())));
      } else if (e.type().dtype() == DType.EVENTS) {
        int delay = (int) e.value();
        var source = new Stage.Source(e.name(), delay, -1);
        stages.add(new Stage.Slice(source, 0, length, barriers.home(u.value())));
      } else {
        int to = layout.home(u.value(), e.type());
        stages.add(new Stage.Copy(layout.variable(e.name()), to));
      }
    }

    private boolean isFromOther(Update u) {
      Equation e = p.at(u.value());
      boolean events = e.type().dtype() == DType.EVENTS;
      return e.op() == Op.LOAD && (events || !e.name().equals(u.variable()));
    }

    private int scalarSlot(int place) {
      Equation e = p.at(place);
      return switch (e.op()) {
        case LOAD -> layout.scalarVariable(e.name());
        case TIME -> Layout.TIME_SLOT;
        case CONST, PARAM, INDEX, ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND ->
            layout.slot(place);
        case XOR, SHL, SHR, CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT, GATHER, SUM ->
            layout.slot(place);
        case RECENT, SLICE, COLLECT, MARK, PAD, SCATTER, PROPAGATE, TRANSMIT, PAIR ->
            throw new IllegalStateException(e + " is no scalar");
        case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
            throw new IllegalStateException(e + " is no scalar");
      };
    }
  }
}

package spindle.compile.ptx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import spindle.compile.Layout;
import spindle.compile.Schedule;
import spindle.compile.Stage;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Type;

/** Cuts stages into pieces of work that no barrier must interrupt. */
final class Stages {
  private final Program program;
  private final Layout layout;
  private final Arena arena;
  private final EventArrays arrays;
  private final Scalars scalars;
  private final Set<Integer> ordered;
  private final Loops loops;
  private final Lists lists;
  private final Stored stored;
  private final Regenerated regenerated;
  private final boolean oneBlock;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<Integer> unordered = new ArrayList<>();

  private Stages(Schedule schedule, Arena arena, EventArrays arrays, boolean oneBlock) {
    this.oneBlock = oneBlock;
    this.program = schedule.program();
    this.layout = schedule.layout();
    this.arena = arena;
    this.arrays = arrays;
    this.scalars = new Scalars(schedule, arena);
    this.lists = new Lists(schedule, arena, arrays);
    this.ordered = ordered(schedule);
    this.loops = new Loops(layout, arena, lists, scalars, ordered::contains);
    this.stored = new Stored(layout, arena, lists);
    this.regenerated = new Regenerated(arena, lists);
  }

  /**
   * The pieces of a step in order.
   *
   * @param oneBlock whether all threads that share a trial are of one block
   */
  static List<Piece> pieces(Schedule schedule, Arena arena, EventArrays arrays, boolean oneBlock) {
    var stages = new Stages(schedule, arena, arrays, oneBlock);
    schedule.stages().forEach(stages::cut);
    stages.empty();
    return stages.pieces;
  }

  /** Arrays whose events somebody takes in ascending order. */
  private Set<Integer> ordered(Schedule schedule) {
    var ordered = new HashSet<Integer>();
    for (Stage stage : schedule.stages()) {
      if (stage instanceof Stage.Deliver s && takesInOrder(product(s))) {
        for (int array = 0; array < layout.arrays().size(); array++) {
          if (arrays.isBehind(array, s.source())) {
            ordered.add(array);
          }
        }
      }
    }
    return ordered;
  }

  /** Before anything is collected, its lists are empty. */
  private void empty() {
    if (unordered.isEmpty()) {
      return;
    }
    Consumer<Frame> clear =
        f ->
            f.once(
                () ->
                    unordered.forEach(
                        array -> {
                          Lists.Place list = lists.array(f, array);
                          f.store(DType.I32, list.address(), list.offset(), "0");
                        }));
    if (pieces.get(0).kind() == Piece.Kind.COLLECTS) {
      pieces.add(0, new Piece(Piece.ALONE, Piece.Kind.OTHER, clear));
    } else {
      pieces.set(0, pieces.get(0).after(clear));
    }
  }

  private void add(int elements, Consumer<Frame> body) {
    pieces.add(new Piece(elements, Piece.Kind.OTHER, body));
  }

  /** Adds work that counts: it needs no barrier before others that do. */
  private void count(int elements, Consumer<Frame> body) {
    int last = pieces.size() - 1;
    if (last >= 0 && pieces.get(last).kind() == Piece.Kind.COUNTS) {
      pieces.set(last, pieces.get(last).and(elements, body));
    } else {
      pieces.add(new Piece(elements, Piece.Kind.COUNTS, body));
    }
  }

  /** Adds work that collects events, and what puts those in order for which it matters. */
  private void collect(int elements, Collection<Integer> events, Consumer<Frame> body) {
    pieces.add(new Piece(elements, Piece.Kind.COLLECTS, body));
    for (int array : events) {
      if (ordered.contains(array)) {
        alone(f -> lists.index(f, lists.array(f, array)));
      } else {
        unordered.add(array);
      }
    }
  }

  private void alone(Consumer<Frame> body) {
    add(Piece.ALONE, body);
  }

  private void cut(Stage stage) {
    if (stage instanceof Stage.Loops s) {
      loops(s);
    } else if (stage instanceof Stage.Deliver s) {
      deliver(s);
    } else if (stage instanceof Stage.Arrive s) {
      arrive(s);
    } else if (stage instanceof Stage.Remember s) {
      list(s.target(), (f, to) -> lists.setRecent(f, s.recent(), to));
    } else if (stage instanceof Stage.Multiply s) {
      multiply(s);
    } else if (stage instanceof Stage.Pair s) {
      pair(s);
    } else if (stage instanceof Stage.Slice s) {
      slice(s);
    } else if (stage instanceof Stage.Mark s) {
      add(length(s.target()), f -> lists.mark(f, s));
    } else if (stage instanceof Stage.Collect s) {
      collect(length(s.events()), List.of(s.events()), f -> loops.collect(f, s));
    } else if (stage instanceof Stage.Keep s) {
      keep(s);
    } else if (stage instanceof Stage.CopySlot s) {
      alone(f -> f.once(() -> copySlot(f, s)));
    } else if (stage instanceof Stage.Total s) {
      alone(f -> f.once(() -> new Moves(f, layout, arena).total(s)));
    } else if (stage instanceof Stage.Scatter s) {
      zero(s.target());
      alone(f -> f.once(() -> new Moves(f, layout, arena).scatter(s)));
    } else if (stage instanceof Stage.Copy s) {
      add(length(s.to()), f -> new Moves(f, layout, arena).copy(s));
    } else if (stage instanceof Stage.Pick s) {
      add(length(s.target()), f -> new Moves(f, layout, arena).pick(s));
    } else if (stage instanceof Stage.Pad s) {
      add(length(s.target()), f -> new Moves(f, layout, arena).pad(s));
    } else if (!(stage instanceof Stage.Numbering)) { // which the host fills once
      throw new IllegalStateException("unknown stage " + stage);
    }
  }

  private int length(int array) {
    return layout.arrays().get(array).length();
  }

  private DType dtype(int array) {
    return layout.arrays().get(array).dtype();
  }

  private void loops(Stage.Loops s) {
    if (s.length() == Type.SCALAR) {
      alone(f -> loops.write(f, s));
      return;
    }
    List<Integer> events =
        s.loops().stream().flatMap(loop -> loop.collects().values().stream()).toList();
    if (events.isEmpty()) {
      add(s.length(), f -> loops.write(f, s));
    } else {
      collect(s.length(), events, f -> loops.write(f, s));
    }
  }

  /** A part that needs a list of its own gets one. */
  private void slice(Stage.Slice s) {
    if (arrays.part(s.target()) == null) {
      var range = new Lists.Range(s.from(), s.to(), 0);
      list(s.target(), (f, to) -> lists.setRange(f, lists.source(f, s.source()), to, range));
    }
  }

  private void keep(Stage.Keep s) {
    if (arrays.home(s.events()) == null) {
      add(length(s.events()), f -> lists.keep(f, s));
    }
  }

  /** Sets bits of a list. */
  private interface Setter {
    void set(Frame f, Lists.Place to);
  }

  private void list(int events, Setter setter) {
    list(f -> lists.array(f, events), setter);
  }

  /** Makes a list of few events: one block is sooner done than three launches. */
  private void list(Finder list, Setter setter) {
    alone(
        f -> {
          Lists.Place to = list.find(f);
          lists.clear(f, to);
          f.t().add("bar.sync", "0");
          setter.set(f, to);
          f.t().add("bar.sync", "0");
          lists.index(f, to);
        });
  }

  private void copySlot(Frame f, Stage.CopySlot s) {
    f.store(DType.F64, f.base(), arena.slot(s.to()), scalars.load(f, s.from(), DType.F64));
  }

  private void zero(int array) {
    DType d = dtype(array);
    add(
        length(array),
        f ->
            f.each(
                length(array),
                i ->
                    f.store(
                        d, f.at(f.base(), i, d.bytes()), arena.array(array), Text.constant(d, 0))));
  }

  /** Where a frame finds a list. */
  private interface Finder {
    Lists.Place find(Frame f);
  }

  private Product product(String rows, Direction direction, int weights, int[] target) {
    int offset = weights < 0 ? -1 : arena.array(weights);
    return new Product(
        program.rows(rows),
        direction,
        offset,
        arena.array(target[0]),
        dtype(target[0]),
        target[1],
        layout.isCount(target[0]));
  }

  private Product product(Stage.Deliver s) {
    int[] target = {s.target(), s.batch()};
    return product(s.rows(), Direction.ALONG, s.weights(), target);
  }

  private void deliver(Stage.Deliver s) {
    events(product(s), s.target(), f -> lists.source(f, s.source()), s.clears());
  }

  /** Recent events are listed as the sources that they are, and delivered. */
  private void arrive(Stage.Arrive s) {
    int[] target = {s.target(), s.batch()};
    Product p = product(s.rows(), Direction.ALONG, -1, target);
    Stage.Recent r = s.recent();
    int n = Math.multiplyExact(r.steps(), r.to() - r.from());
    int offset = arena.list(r.toString(), n);
    Finder finder = f -> new Lists.Place(f.base(), offset, n);
    list(finder, (f, to) -> lists.setRecent(f, r, to));
    events(p, s.target(), finder, true);
  }

  /** Whether ones are added, whose order does not matter. */
  private boolean isCounted(Product p) {
    boolean ones = p.weights() < 0 && !p.rows().weighted();
    return ones && !(isRegenerated(p.rows()) && Regenerated.ownsRow(p));
  }

  /** Whether events are taken one after the other; else targets look for their sources. */
  private boolean takesInOrder(Product p) {
    boolean walked = isRegenerated(p.rows());
    return !isCounted(p) && (walked ? !Regenerated.ownsRow(p) : oneBlock);
  }

  private void events(Product p, int target, Finder list, boolean clears) {
    boolean walked = isRegenerated(p.rows());
    if (isCounted(p)) {
      if (clears) {
        zero(target);
      }
      count(
          length(target),
          f -> {
            if (walked) {
              regenerated.count(f, p, list.find(f));
            } else {
              stored.count(f, p, list.find(f));
            }
          });
    } else if (oneBlock && !walked) {
      zero(target);
      add(length(target), f -> stored.scatter(f, p, list.find(f)));
    } else {
      multiply(p, target, f -> new Input.Events(lists, list.find(f)));
    }
  }

  /** Where a frame finds what is multiplied. */
  private interface Source {
    Input input(Frame f);
  }

  private void multiply(Stage.Multiply s) {
    int[] target = {s.target(), s.batch()};
    Product p = product(s.rows(), s.direction(), s.operands().weights(), target);
    Input vector = new Input.Vector(arena.array(s.operands().vector()), p.dtype());
    multiply(p, s.target(), f -> vector);
  }

  private void multiply(Product p, int target, Source source) {
    if (!isRegenerated(p.rows())) {
      add(p.elements(), f -> stored.gather(f, p, source.input(f)));
    } else if (Regenerated.ownsRow(p)) {
      add(p.elements(), f -> regenerated.gather(f, p, source.input(f)));
    } else {
      zero(target);
      int threads = Math.multiplyExact(p.rows().chunks(), Wave.THREADS);
      add(threads, f -> new Wave(f, arena, p, source.input(f)).write());
      add(p.elements(), f -> regenerated.positiveZeros(f, p));
    }
  }

  private void pair(Stage.Pair s) {
    int[] target = {s.target(), s.batch()};
    Product p = product(s.rows(), Direction.ALONG, -1, target);
    add(length(s.target()), f -> stored.pairs(f, p, s));
  }

  private boolean isRegenerated(Rows rows) {
    return Kernels.isRegenerated(program, rows);
  }
}

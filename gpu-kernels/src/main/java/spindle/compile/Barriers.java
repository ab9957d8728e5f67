package spindle.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Type;

/** Turns each operation that needs or yields more than the element at hand into its stage. */
final class Barriers {
  /** Whole numbers that float32 tells apart, and that are read by their bits. */
  private static final int MOST_WHOLE = (1 << 23) - 1;

  private final Program p;
  private final Mode mode;
  private final Layout layout;
  private final List<Stage> stages;
  private final int[] masks;

  /**
   * @param masks where products are needed, as {@link Needs#of}
   */
  Barriers(Program p, Mode mode, Layout layout, List<Stage> stages, int[] masks) {
    this.p = p;
    this.mode = mode;
    this.layout = layout;
    this.stages = stages;
    this.masks = masks;
  }

  /**
   * Adds the stage of an equation.
   *
   * @param cleared whether a loop leaves zeros behind where its arrivals add up
   */
  void add(int i, boolean cleared) {
    Equation e = p.at(i);
    switch (e.op()) {
      case PROPAGATE, TRANSMIT -> product(i, e, cleared);
      case PAIR -> pair(i, e);
      case RECENT, SLICE -> list(i, e);
      case MARK -> stages.add(new Stage.Mark(source(arg(e, 0)), home(i)));
      case PAD -> stages.add(new Stage.Pad(vector(arg(e, 0)), (int) e.value(), home(i)));
      case COLLECT -> stages.add(collect(i, e.args().get(0)));
      case SUM -> stages.add(new Stage.Total(vector(arg(e, 0)), layout.slot(i)));
      case GATHER -> pick(i, e);
      case SCATTER -> stages.add(new Stage.Scatter(vector(arg(e, 0)), vector(arg(e, 1)), home(i)));
      case CONST, PARAM, TIME, INDEX, LOAD, ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX ->
          throw new IllegalStateException(e + " is no barrier");
      case FLOOR, AND, XOR, SHL, SHR, CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT ->
          throw new IllegalStateException(e + " is no barrier");
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
          throw new IllegalStateException(e + " is no barrier");
    }
  }

  private void pick(int i, Equation e) {
    if (e.type().isScalar()) {
      throw new IllegalArgumentException(
          p.name() + ": " + e + ": only rows look up a single element; gather a vector of one");
    }
    stages.add(new Stage.Pick(vector(arg(e, 0)), vector(arg(e, 1)), home(i)));
  }

  private void product(int i, Equation e, boolean cleared) {
    int x = arg(e, 0);
    Direction direction = Direction.of(e);
    int weights = e.op() == Op.TRANSMIT ? vector(arg(e, 1)) : -1;
    int batch = direction.batch(p.rows(e.name()), p.at(x).type().length());
    if (isArrival(p, e)) {
      stages.add(new Stage.Arrive(e.name(), recent(p, x), home(i), batch));
    } else if (isEventDriven(p, e)) {
      stages.add(new Stage.Deliver(e.name(), source(x), weights, home(i), batch, !cleared));
    } else {
      int vector = floats(x, e.type().dtype());
      int mask = masks[i] == Needs.ALL ? -1 : vector(masks[i]);
      var operands = new Stage.Operands(vector, weights, mask);
      stages.add(new Stage.Multiply(e.name(), direction, operands, home(i), batch));
    }
  }

  /** Whether a product is added to a target that must be 0 before. */
  static boolean isAdded(Program p, Equation e) {
    return isEventDriven(p, e) && !isArrival(p, e);
  }

  /**
   * Whether a product adds whole numbers in float32 where its rows are of ones: no more than the
   * events of a step, since no column occurs twice in a row.
   */
  static boolean isCount(Program p, Equation e) {
    int events = p.at(arg(e, 0)).type().length();
    return isAdded(p, e)
        && e.op() == Op.PROPAGATE
        && e.type().dtype() == DType.F32
        && Direction.of(e).batch(p.rows(e.name()), events) == 1;
  }

  /**
   * Whether counts hold the events of a step. Of an earlier step a CPU knows how many there were
   * before it runs the next.
   */
  static boolean fitsCounts(Program p, Equation e, boolean threads) {
    int events = arg(e, 0);
    int most = p.at(events).type().length();
    return threads ? most <= MOST_WHOLE : most <= Short.MAX_VALUE || isRemembered(p, events);
  }

  /** Whether events are some of an earlier step. */
  private static boolean isRemembered(Program p, int place) {
    Equation e = p.at(place);
    return e.op() == Op.LOAD || (e.op() == Op.SLICE && isRemembered(p, arg(e, 0)));
  }

  /** Whether a product visits the rows of its events only. */
  static boolean isEventDriven(Program p, Equation e) {
    boolean product = e.op() == Op.PROPAGATE || e.op() == Op.TRANSMIT;
    return product
        && p.at(e.args().get(0)).type().dtype() == DType.EVENTS
        && Direction.of(e) == Direction.ALONG;
  }

  /**
   * Whether a product takes the last events through rows with delays, so that each needs to be
   * walked in one step only. Regenerated rows by post are all walked in every step anyway, and
   * weights given by synapse may change while a spike is under way.
   */
  static boolean isArrival(Program p, Equation e) {
    if (e.op() != Op.PROPAGATE || !isEventDriven(p, e)) {
      return false;
    }
    Rows rows = p.rows(e.name());
    Stage.Recent recent = recent(p, arg(e, 0));
    return rows.delayed()
        && !(rows.byPost() && rows.storage() == Rows.Storage.REGENERATED)
        && recent != null
        && recent.steps() == rows.longest();
  }

  /** The last steps of what a variable remembers, if a value is that, else null. */
  private static Stage.Recent recent(Program p, int place) {
    Equation e = p.at(place);
    Equation all = e.op() == Op.SLICE ? p.at(arg(e, 0)) : e;
    if (all.op() != Op.RECENT) {
      return null;
    }
    int history = p.variable(all.name()).history();
    int neurons = all.type().length() / history;
    int from = (int) all.value();
    if (e.op() == Op.RECENT) {
      return new Stage.Recent(all.name(), history, from, from + neurons);
    }
    int length = e.type().length();
    boolean steps = neurons > 0 && length % neurons == 0;
    boolean last = e.value() + length == all.type().length();
    return steps && last
        ? new Stage.Recent(all.name(), length / neurons, from, from + neurons)
        : null;
  }

  /** Lists where a mask is set; a variable is read by a loop of its own where vectors mark it. */
  private Stage collect(int i, int mask) {
    Equation e = p.at(mask);
    boolean marks = mode == Mode.VECTOR && Jvm.isGoodAtVectors();
    if (!marks || e.op() != Op.LOAD || e.type().dtype() != DType.F32) {
      return new Stage.Collect(vector(mask), home(i));
    }
    LoopBuilder loop = new LoopBuilder(p, layout, Constants.known(p));
    loop.read(mask);
    loop.collect(mask, home(i));
    return new Stage.Loops(e.type().length(), mode, List.of(loop.build()));
  }

  private void pair(int i, Equation e) {
    Type type = p.at(arg(e, 0)).type();
    var marks = new ArrayList<Stage.Mark>();
    if (type.dtype() == DType.EVENTS) {
      int marked = layout.array(type.as(e.type().dtype()));
      marks.add(new Stage.Mark(source(arg(e, 0)), marked));
    }
    int pre = marks.isEmpty() ? vector(arg(e, 0)) : marks.get(0).target();
    int batch = Direction.ALONG.batch(p.rows(e.name()), type.length());
    int post = vector(arg(e, 1));
    stages.add(new Stage.Pair(e.name(), List.copyOf(marks), pre, post, home(i), -1, batch));
  }

  /** The array of a vector; of events, of their marks. */
  private int floats(int place, DType dtype) {
    Type type = p.at(place).type();
    if (type.dtype() != DType.EVENTS) {
      return vector(place);
    }
    int marks = layout.array(type.as(dtype));
    stages.add(new Stage.Mark(source(place), marks));
    return marks;
  }

  /** Lists a range of events, or all that a variable remembers, for whoever reads the list. */
  private void list(int i, Equation e) {
    Stage.Recent recent = recent(p, i);
    if (recent != null && needsNoList(i)) {
      return;
    }
    if (e.op() == Op.RECENT) {
      stages.add(new Stage.Remember(recent, home(i)));
    } else {
      int from = (int) e.value();
      stages.add(new Stage.Slice(source(arg(e, 0)), from, from + e.type().length(), home(i)));
    }
  }

  /** Whether recent events go nowhere but into arrivals, which keep count of them on their own. */
  private boolean needsNoList(int place) {
    return p.updates().stream().noneMatch(u -> u.value() == place)
        && IntStream.range(place + 1, p.equations().size())
            .filter(i -> p.at(i).args().contains(place))
            .allMatch(i -> isArrival(p, p.at(i)) || (recent(p, i) != null && needsNoList(i)));
  }

  Stage.Source source(int place) {
    Equation e = p.at(place);
    return e.op() == Op.LOAD
        ? new Stage.Source(e.name(), (int) e.value(), -1)
        : new Stage.Source("", 0, home(place));
  }

  /** The array of a vector. */
  int vector(int place) {
    Equation e = p.at(place);
    return e.op() == Op.LOAD ? layout.variable(e.name()) : home(place);
  }

  int home(int place) {
    return layout.home(place, p.at(place).type());
  }

  private static int arg(Equation e, int number) {
    return e.args().get(number);
  }
}

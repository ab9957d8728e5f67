package spindle.compile;

import java.util.List;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Type;

/** Turns each operation that needs or yields more than the element at hand into its stage. */
final class Barriers {
  private final Program p;
  private final Layout layout;
  private final List<Stage> stages;

  Barriers(Program p, Layout layout, List<Stage> stages) {
    this.p = p;
    this.layout = layout;
    this.stages = stages;
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
      case SLICE -> slice(i, e);
      case MARK -> stages.add(new Stage.Mark(source(arg(e, 0)), home(i)));
      case PAD -> stages.add(new Stage.Pad(vector(arg(e, 0)), (int) e.value(), home(i)));
      case COLLECT -> stages.add(new Stage.Collect(vector(arg(e, 0)), home(i)));
      case SUM -> stages.add(new Stage.Total(vector(arg(e, 0)), layout.slot(i)));
      case GATHER -> stages.add(new Stage.Pick(vector(arg(e, 0)), vector(arg(e, 1)), home(i)));
      case SCATTER -> stages.add(new Stage.Scatter(vector(arg(e, 0)), vector(arg(e, 1)), home(i)));
      case CONST, PARAM, TIME, INDEX, LOAD, ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX ->
          throw new IllegalStateException(e + " is no barrier");
      case FLOOR, AND, XOR, SHL, SHR, CAST, SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT ->
          throw new IllegalStateException(e + " is no barrier");
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
          throw new IllegalStateException(e + " is no barrier");
    }
  }

  private void product(int i, Equation e, boolean cleared) {
    int x = arg(e, 0);
    Direction direction = Direction.of(e);
    int weights = e.op() == Op.TRANSMIT ? vector(arg(e, 1)) : -1;
    int batch = direction.batch(p.rows(e.name()), p.at(x).type().length());
    if (isEventDriven(p, e)) {
      stages.add(new Stage.Deliver(e.name(), source(x), weights, home(i), batch, !cleared));
    } else {
      int vector = floats(x, e.type().dtype());
      stages.add(new Stage.Multiply(e.name(), direction, vector, weights, home(i), batch));
    }
  }

  /** Whether a product visits the rows of its events only. */
  static boolean isEventDriven(Program p, Equation e) {
    boolean product = e.op() == Op.PROPAGATE || e.op() == Op.TRANSMIT;
    return product
        && p.at(e.args().get(0)).type().dtype() == DType.EVENTS
        && Direction.of(e) == Direction.ALONG;
  }

  private void pair(int i, Equation e) {
    int pre = floats(arg(e, 0), e.type().dtype());
    int batch = Direction.ALONG.batch(p.rows(e.name()), p.at(arg(e, 0)).type().length());
    stages.add(new Stage.Pair(e.name(), pre, vector(arg(e, 1)), home(i), batch));
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

  private void slice(int i, Equation e) {
    int from = (int) e.value();
    stages.add(new Stage.Slice(source(arg(e, 0)), from, from + e.type().length(), home(i)));
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

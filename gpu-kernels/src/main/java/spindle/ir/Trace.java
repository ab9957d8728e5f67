package spindle.ir;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes a program while ordinary code runs over {@link Expr}.
 *
 * <p>Equal equations are written once and operations on constants are folded by {@link Meaning}, so
 * folding never changes a bit.
 */
public final class Trace {
  private final String name;
  private final Map<String, DType> parameters = new TreeMap<>();
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final Map<String, Rows> rows = new LinkedHashMap<>();
  private final List<Equation> equations = new ArrayList<>();
  private final Map<Equation, Expr> known = new HashMap<>();
  private final Map<String, Update> updates = new LinkedHashMap<>();

  public Trace(String name) {
    this.name = name;
  }

  /** A constant; -0 and 0 are told apart. */
  public Expr constant(DType dtype, double value) {
    return write(Op.CONST, Type.scalar(dtype), List.of(), "", Meaning.round(dtype, value));
  }

  /** A scalar argument. */
  public Expr parameter(String parameter, DType dtype) {
    DType before = parameters.putIfAbsent(parameter, dtype);
    if (before != null && before != dtype) {
      throw new IllegalArgumentException(parameter + " is " + before + " and " + dtype);
    }
    return write(Op.PARAM, Type.scalar(dtype), List.of(), parameter, 0);
  }

  /** The number of the current step, an i32 scalar. */
  public Expr time() {
    return write(Op.TIME, Type.scalar(DType.I32), List.of(), "", 0);
  }

  /** 0 .. length - 1, i32. */
  public Expr index(int length) {
    return write(Op.INDEX, Type.vector(DType.I32, length), List.of(), "", 0);
  }

  /** Declares state; declaring the same again is no error, a longer history wins. */
  public Variable declare(Variable v) {
    Variable before = variables.get(v.name());
    if (before != null && !before.type().equals(v.type())) {
      throw new IllegalArgumentException(v.name() + " is " + before.type() + " and " + v.type());
    }
    Variable merged = before == null || before.history() < v.history() ? v : before;
    variables.put(v.name(), merged);
    return merged;
  }

  /** The value a variable has at the start of the step. */
  public Expr load(String variable) {
    return load(variable, 1);
  }

  /** The events a variable held {@code delay} steps ago, {@code delay >= 1}. */
  public Expr load(String variable, int delay) {
    return write(Op.LOAD, declared(variable).type(), List.of(), variable, delay);
  }

  /**
   * The events that a variable held in the last {@code steps} steps, oldest first, of neurons
   * {@code [from, to)}; no longer history of it may be declared behind this.
   */
  public Expr recent(String variable, int steps, int from, int to) {
    Variable v = declared(variable);
    int whole = Math.multiplyExact(v.history(), to - from);
    Type type = Type.vector(DType.EVENTS, whole);
    return slice(
        write(Op.RECENT, type, List.of(), variable, from), whole - steps * (to - from), whole);
  }

  private Variable declared(String variable) {
    Variable v = variables.get(variable);
    if (v == null) {
      throw new IllegalArgumentException(name + " has no variable " + variable);
    }
    return v;
  }

  /** Sets what a variable will hold after the step. */
  public void store(String variable, Expr value) {
    Type type = declared(variable).type();
    if (!type.equals(value.type())) {
      throw new IllegalArgumentException(variable + " is " + type + ", got " + value.type());
    }
    updates.put(variable, new Update(variable, value.place()));
  }

  /** What a variable will hold after the step, as far as the step is written. */
  public Expr next(String variable) {
    Update update = updates.get(variable);
    return update == null ? load(variable) : known.get(equations.get(update.value()));
  }

  /** Applies an elementwise operation whose result type follows from its operands. */
  public Expr apply(Op op, Expr... args) {
    return elementwise(op, List.of(args), args[0].type().dtype());
  }

  /** x * 2^k where k is known to be an integer among the exponents of normal numbers. */
  Expr scaled(Expr x, Expr k) {
    return elementwise(Op.SCALE, List.of(x, k), x.type().dtype(), 1);
  }

  /** A uniform deviate in (0, 1] for two keys and a counter. */
  public Expr uniform(DType dtype, Expr key0, Expr key1, Expr counter) {
    return elementwise(Op.UNIFORM, List.of(key0, key1, counter), dtype);
  }

  /** Element {@code index} of a vector. */
  public Expr gather(Expr vector, Expr index) {
    var type = new Type(vector.type().dtype(), index.type().length());
    return write(Op.GATHER, type, places(vector, index), "", 0);
  }

  /** Sum of a vector in index order. */
  public Expr sum(Expr vector) {
    return write(Op.SUM, Type.scalar(vector.type().dtype()), places(vector), "", 0);
  }

  /** The events of neurons {@code [from, to)}, renumbered from 0. */
  public Expr slice(Expr events, int from, int to) {
    var type = Type.vector(DType.EVENTS, to - from);
    return type.equals(events.type()) ? events : write(Op.SLICE, type, places(events), "", from);
  }

  /** The indices where a mask, or any float vector, is above 0. */
  public Expr collect(Expr mask) {
    return write(Op.COLLECT, mask.type().as(DType.EVENTS), places(mask), "", 0);
  }

  /** 1 where an event is, else 0. */
  public Expr mark(Expr events, DType dtype) {
    return write(Op.MARK, events.type().as(dtype), places(events), "", 0);
  }

  /** The part at offset {@code from} of a vector of {@code length} elements that is 0 elsewhere. */
  public Expr pad(Expr part, int from, int length) {
    var type = Type.vector(part.type().dtype(), length);
    return type.equals(part.type()) ? part : write(Op.PAD, type, places(part), "", from);
  }

  /** A vector of {@code length} zeros with the elements of {@code x} added at {@code index}. */
  public Expr scatter(Expr x, Expr index, int length) {
    var type = Type.vector(x.type().dtype(), length);
    return write(Op.SCATTER, type, places(x, index), "", 0);
  }

  /** Events through a connectivity: counts, or weighted sums where the rows have weights. */
  public Expr propagate(Expr events, Rows projection, DType dtype) {
    return propagate(events, projection, Direction.ALONG, dtype);
  }

  /** The product of a connectivity with events or a float vector. */
  public Expr propagate(Expr x, Rows projection, Direction direction, DType dtype) {
    var type = Type.vector(dtype, direction.targets(projection, x.type().length()));
    return product(direction.equation(Op.PROPAGATE, type, projection), projection, List.of(x));
  }

  /** The product of a connectivity that has the weight {@code weights[s]} at synapse s. */
  public Expr transmit(Expr x, Expr weights, Rows projection, Direction direction) {
    var type =
        Type.vector(weights.type().dtype(), direction.targets(projection, x.type().length()));
    return product(
        direction.equation(Op.TRANSMIT, type, projection), projection, List.of(x, weights));
  }

  /**
   * For each of {@code synapses} synapses, {@code pre} at its source times {@code post} at its
   * target.
   */
  public Expr pair(Expr pre, Expr post, Rows projection, int synapses) {
    var type = Type.vector(post.type().dtype(), synapses);
    Equation e = Direction.ALONG.equation(Op.PAIR, type, projection);
    return product(e, projection, List.of(pre, post));
  }

  Expr product(Equation e, Rows projection, List<Expr> operands) {
    Rows before = rows.putIfAbsent(projection.name(), projection);
    if (before != null && !before.equals(projection)) {
      throw new IllegalArgumentException(name + " has two different rows " + projection.name());
    }
    projection.body().parameters().forEach(this::ownParameter);
    List<Integer> args = operands.stream().map(Expr::place).toList();
    return write(e.op(), e.type(), args, projection.name(), e.value());
  }

  /**
   * Repeats the equations of a program in this trace; state that it loads is declared.
   *
   * @return the values of its updates by variable
   */
  public Map<String, Expr> inline(Program p) {
    var values = new ArrayList<Expr>();
    for (Equation e : p.equations()) {
      if (e.op() == Op.PARAM) {
        values.add(parameter(e.name(), e.type().dtype()));
      } else {
        if (e.op() == Op.LOAD) {
          declare(p.variable(e.name()));
        }
        List<Integer> args = e.args().stream().map(a -> values.get(a).place()).toList();
        values.add(write(e.op(), e.type(), args, e.name(), e.value()));
      }
    }
    var outputs = new LinkedHashMap<String, Expr>();
    p.updates().forEach(u -> outputs.put(u.variable(), values.get(u.value())));
    return outputs;
  }

  /** An elementwise equation of another program on operands of this trace. */
  public Expr repeat(Equation e, List<Expr> operands) {
    return elementwise(e.op(), operands, e.type().dtype(), e.value());
  }

  /** The finished program, checked. */
  public Program finish() {
    var program =
        new Program(
            name,
            parameters,
            List.copyOf(variables.values()),
            List.copyOf(rows.values()),
            equations,
            List.copyOf(updates.values()));
    Check.program(program);
    return program;
  }

  Expr convert(Expr value, DType dtype) {
    return elementwise(Op.CAST, List.of(value), dtype);
  }

  Expr elementwise(Op op, List<Expr> args, DType cast) {
    return elementwise(op, args, cast, 0);
  }

  private Expr elementwise(Op op, List<Expr> args, DType cast, double value) {
    Type type = Typing.elementwise(op, args.stream().map(Expr::type).toList(), cast);
    boolean constant = args.stream().allMatch(a -> equations.get(a.place()).op() == Op.CONST);
    if (constant && !op.isLowered()) {
      double[] x = args.stream().mapToDouble(a -> equations.get(a.place()).value()).toArray();
      return constant(type.dtype(), Meaning.apply(op, args.get(0).type().dtype(), type.dtype(), x));
    }
    if (op == Op.MUL && args.get(0).isConstant(1) && type.equals(args.get(1).type())) {
      return args.get(1);
    }
    return write(op, type, args.stream().map(Expr::place).toList(), "", value);
  }

  boolean isConstant(Expr x, double value) {
    Equation e = equations.get(x.place());
    return e.op() == Op.CONST && e.value() == value;
  }

  Expr write(Op op, Type type, List<Integer> args, String name, double value) {
    var equation = new Equation(op, type, args, name, value);
    return known.computeIfAbsent(
        equation,
        e -> {
          equations.add(e);
          return new Expr(this, equations.size() - 1, type);
        });
  }

  private void ownParameter(String parameter, DType dtype) {
    if (!Stream.of(Rows.ROW, Rows.CHUNK, Rows.K, Rows.CURSOR).toList().contains(parameter)) {
      parameters.put(parameter, dtype);
    }
  }

  private static List<Integer> places(Expr... args) {
    return Stream.of(args).map(Expr::place).toList();
  }
}

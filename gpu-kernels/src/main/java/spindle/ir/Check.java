package spindle.ir;

import java.util.HashSet;
import java.util.List;

/** Says whether a program is well formed, in one pass. */
public final class Check {
  private Check() {}

  /**
   * Checks order, operand types, names and updates.
   *
   * @throws IllegalArgumentException naming the program, the line and the rule
   */
  public static void program(Program p) {
    for (int i = 0; i < p.equations().size(); i++) {
      int place = i;
      Equation e = p.at(i);
      require(e.args().stream().allMatch(a -> a >= 0 && a < place), p, i, "operand not yet known");
      equation(p, i, e, e.args().stream().map(a -> p.at(a).type()).toList());
    }
    var updated = new HashSet<String>();
    for (Update u : p.updates()) {
      int i = u.value();
      require(i >= 0 && i < p.equations().size(), p, i, "update of an unknown value");
      require(
          variable(p, u.variable()).type().equals(p.at(i).type()), p, i, "update of other type");
      require(updated.add(u.variable()), p, i, "variable updated twice");
    }
  }

  private static void equation(Program p, int i, Equation e, List<Type> args) {
    require(args.size() == e.op().arity(), p, i, "wrong number of operands");
    switch (e.op()) {
      case CONST -> require(e.type().isScalar(), p, i, "constants are scalars");
      case PARAM ->
          require(p.parameters().get(e.name()) == e.type().dtype(), p, i, "parameter unknown");
      case TIME -> require(e.type().equals(Type.scalar(DType.I32)), p, i, "time is i32");
      case INDEX -> require(e.type().dtype() == DType.I32, p, i, "an index is i32");
      case LOAD -> load(p, i, e);
      case GATHER -> gather(p, i, e, args);
      case SUM -> sum(p, i, e, args.get(0));
      case RECENT -> recent(p, i, e);
      case SLICE -> slice(p, i, e, args.get(0));
      case COLLECT -> collect(p, i, e, args.get(0));
      case MARK -> mark(p, i, e, args.get(0));
      case PAD -> pad(p, i, e, args.get(0));
      case SCATTER -> scatter(p, i, e, args);
      case PROPAGATE, TRANSMIT -> product(p, i, e, args);
      case PAIR -> pair(p, i, e, args);
      case SHL, SHR -> shift(p, i, e, args);
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND, XOR, CAST, SCALE ->
          elementwise(p, i, e, args);
      case EXPONENT, MANTISSA, HEAVISIDE, SELECT, EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS ->
          elementwise(p, i, e, args);
      case UNIFORM, PROXY, STOP -> elementwise(p, i, e, args);
    }
  }

  private static void sum(Program p, int i, Equation e, Type vector) {
    require(isFloats(vector), p, i, "sums are of float vectors");
    require(e.type().equals(Type.scalar(vector.dtype())), p, i, "a sum is a scalar");
  }

  private static void collect(Program p, int i, Equation e, Type mask) {
    require(isFloats(mask), p, i, "a mask is a float vector");
    boolean same = e.type().equals(mask.as(DType.EVENTS));
    require(same, p, i, "events of the mask's neurons");
  }

  private static void mark(Program p, int i, Equation e, Type events) {
    require(events.dtype() == DType.EVENTS, p, i, "only events are marked");
    boolean floats = e.type().dtype().isFloat();
    require(floats && e.type().length() == events.length(), p, i, "a mask of the events");
  }

  private static void pad(Program p, int i, Equation e, Type part) {
    require(isFloats(part) && isFloats(e.type()), p, i, "only float vectors are padded");
    require(e.type().dtype() == part.dtype(), p, i, "padding keeps the element type");
    boolean inside = e.value() >= 0 && e.value() + part.length() <= e.type().length();
    require(inside, p, i, "the part must lie inside the whole");
  }

  private static void scatter(Program p, int i, Equation e, List<Type> args) {
    require(isFloats(args.get(0)) && isFloats(e.type()), p, i, "only floats are scattered");
    require(e.type().dtype() == args.get(0).dtype(), p, i, "scattering keeps the element type");
    boolean indexed = args.get(1).equals(args.get(0).as(DType.I32));
    require(indexed, p, i, "one i32 index per element");
  }

  private static void load(Program p, int i, Equation e) {
    Variable v = variable(p, e.name());
    require(v.type().equals(e.type()), p, i, "load of other type");
    require(e.value() >= 1 && e.value() <= v.history(), p, i, "delay beyond the history");
  }

  private static void recent(Program p, int i, Equation e) {
    Variable v = variable(p, e.name());
    boolean events = v.type().dtype() == DType.EVENTS && e.type().dtype() == DType.EVENTS;
    require(events, p, i, "only events are remembered");
    boolean whole = e.type().length() % v.history() == 0;
    require(whole, p, i, "each step of the history has as many neurons");
    int neurons = e.type().length() / v.history();
    boolean inside = e.value() >= 0 && e.value() + neurons <= v.type().length();
    require(inside, p, i, "the range must lie inside the population");
  }

  private static void gather(Program p, int i, Equation e, List<Type> args) {
    Equation from = p.at(e.args().get(0));
    boolean table =
        from.op() == Op.LOAD
            && p.updates().stream().noneMatch(u -> u.variable().equals(from.name()));
    boolean indexed = args.get(1).dtype() == DType.I32 && (table || !args.get(1).isScalar());
    require(indexed, p, i, "an index is an i32 vector; into a table of rows, i32");
    boolean vector = args.get(0).dtype() != DType.EVENTS && !args.get(0).isScalar();
    require(vector, p, i, "elements are of a vector");
    require(e.type().equals(args.get(1).as(args.get(0).dtype())), p, i, "one element per index");
  }

  private static void shift(Program p, int i, Equation e, List<Type> args) {
    elementwise(p, i, e, args);
    require(p.at(e.args().get(1)).op() == Op.CONST, p, i, "a shift is by a constant");
  }

  private static boolean isFloats(Type t) {
    return t.dtype().isFloat() && !t.isScalar();
  }

  private static void slice(Program p, int i, Equation e, Type from) {
    require(from.dtype() == DType.EVENTS, p, i, "only events are sliced");
    boolean inside = e.value() >= 0 && e.value() + e.type().length() <= from.length();
    require(inside, p, i, "the range must lie inside the population");
  }

  private static Rows rows(Program p, int i, Equation e) {
    boolean known = p.rows().stream().anyMatch(r -> r.name().equals(e.name()));
    require(known, p, i, p.name() + " has no rows " + e.name());
    return p.rows(e.name());
  }

  private static void product(Program p, int i, Equation e, List<Type> args) {
    Rows rows = rows(p, i, e);
    Type x = args.get(0);
    require(e.value() == 0 || e.value() == 1, p, i, "a direction is 0 or 1");
    int targets = Direction.of(e).targets(rows, x.length());
    require(e.type().length() == targets, p, i, "targets of another population");
    require(e.type().dtype().isFloat(), p, i, "products are floats");
    boolean same = x.dtype() == DType.EVENTS || x.dtype() == e.type().dtype();
    require(same, p, i, "a product has its operand's element type");
    if (e.op() == Op.TRANSMIT) {
      boolean weights = args.get(1).dtype() == e.type().dtype() && !args.get(1).isScalar();
      require(weights, p, i, "one weight of the product's type per synapse");
    }
  }

  private static void pair(Program p, int i, Equation e, List<Type> args) {
    Type pre = args.get(0);
    Type post = args.get(1);
    int targets = Direction.ALONG.targets(rows(p, i, e), pre.length());
    require(isFloats(post) && post.length() == targets, p, i, "targets of another population");
    boolean same = pre.dtype() == DType.EVENTS || pre.dtype() == post.dtype();
    require(same && !e.type().isScalar(), p, i, "pairs are of equal floats");
    require(e.type().dtype() == post.dtype(), p, i, "pairs keep the element type");
  }

  private static void elementwise(Program p, int i, Equation e, List<Type> args) {
    Type type = Typing.elementwise(e.op(), args, e.type().dtype());
    require(type.equals(e.type()), p, i, "should be " + type);
  }

  private static Variable variable(Program p, String name) {
    return p.variables().stream()
        .filter(v -> v.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(p.name() + " has no variable " + name));
  }

  private static void require(boolean holds, Program p, int place, String rule) {
    if (!holds) {
      boolean known = place >= 0 && place < p.equations().size();
      String line = known ? p.at(place).toString() : "";
      throw new IllegalArgumentException(p.name() + " %" + place + " = " + line + ": " + rule);
    }
  }
}

package spindle.backend.reference;

import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import spindle.backend.Arguments;
import spindle.backend.EventLog;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.compile.Events;
import spindle.ir.DType;
import spindle.ir.Equation;
import spindle.ir.Lower;
import spindle.ir.Meaning;
import spindle.ir.Program;
import spindle.ir.Type;
import spindle.ir.Update;
import spindle.ir.Variable;

/** Evaluates the equations of a lowered program one after the other, element by element. */
final class Interpreter implements Executable {
  private final Program program;
  private final Arguments arguments;
  private final Map<String, double[]> state = new HashMap<>();
  private final Map<String, Deque<double[]>> past = new HashMap<>();
  private final Map<String, EventLog> logs = new HashMap<>();
  private final Product product;
  private double[][] values = new double[0][];

  Interpreter(Program source, Arguments arguments) {
    this.program = Lower.of(source);
    this.arguments = arguments;
    this.product = new Product(program, arguments.scalars());
    for (Variable v : program.variables()) {
      state.put(v.name(), new double[v.type().dtype() == DType.EVENTS ? 0 : v.type().size()]);
      past.put(v.name(), new ArrayDeque<>());
    }
    arguments.recorded().forEach(v -> logs.put(v, new EventLog()));
  }

  @Override
  public void run(int from, int steps) {
    for (int step = from; step < from + steps; step++) {
      step(step);
    }
  }

  private void step(int step) {
    values = new double[program.equations().size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = evaluate(program.at(i), step);
    }
    for (Update u : program.updates()) {
      update(program.variable(u.variable()), values[u.value()], step);
    }
  }

  private void update(Variable v, double[] value, int step) {
    if (v.type().dtype() != DType.EVENTS) {
      state.put(v.name(), value);
      return;
    }
    past.get(v.name()).addFirst(value);
    if (past.get(v.name()).size() > v.history()) {
      past.get(v.name()).removeLast();
    }
    if (logs.containsKey(v.name())) {
      int[] indices = new int[value.length];
      for (int k = 0; k < indices.length; k++) {
        indices[k] = (int) value[k];
      }
      logs.get(v.name()).add(step, indices, indices.length);
    }
  }

  private double[] evaluate(Equation e, int step) {
    return switch (e.op()) {
      case CONST -> new double[] {e.value()};
      case PARAM ->
          new double[] {Meaning.round(e.type().dtype(), arguments.scalars().get(e.name()))};
      case TIME -> new double[] {step};
      case INDEX -> index(e.type().length());
      case LOAD -> load(e);
      case RECENT -> recent(e);
      case GATHER -> gather(values[e.args().get(0)], values[e.args().get(1)]);
      case SUM -> new double[] {sum(e.type().dtype(), values[e.args().get(0)])};
      case SLICE -> slice(e, values[e.args().get(0)]);
      case COLLECT -> collect(values[e.args().get(0)]);
      case MARK -> marks(values[e.args().get(0)], e.type().length());
      case PAD -> pad(e, values[e.args().get(0)]);
      case SCATTER -> scatter(e, values[e.args().get(0)], values[e.args().get(1)]);
      case PROPAGATE -> product.propagate(e, operand(e, 0), new double[0]);
      case TRANSMIT -> product.propagate(e, operand(e, 0), operand(e, 1));
      case PAIR -> product.pair(e, operand(e, 0), operand(e, 1));
      case ADD, SUB, MUL, DIV, FMA, NEG, ABS, SQRT, MIN, MAX, FLOOR, AND, XOR, SHL, SHR, CAST ->
          elementwise(e);
      case SCALE, EXPONENT, MANTISSA, HEAVISIDE, SELECT -> elementwise(e);
      case EXP, EXPM1, EXPREL, LOG, TANH, SIN, COS, UNIFORM, PROXY, STOP ->
          throw new IllegalStateException(e + " was not lowered");
    };
  }

  private double[] elementwise(Equation e) {
    DType operand = program.at(e.args().get(0)).type().dtype();
    var out = new double[e.type().size()];
    var x = new double[e.args().size()];
    for (int i = 0; i < out.length; i++) {
      for (int a = 0; a < x.length; a++) {
        double[] arg = values[e.args().get(a)];
        x[a] = program.at(e.args().get(a)).type().isScalar() ? arg[0] : arg[i];
      }
      out[i] = Meaning.apply(e.op(), operand, e.type().dtype(), x);
    }
    return out;
  }

  private static double[] index(int length) {
    var out = new double[length];
    for (int i = 0; i < length; i++) {
      out[i] = i;
    }
    return out;
  }

  private double[] load(Equation e) {
    if (e.type().dtype() != DType.EVENTS) {
      return state.get(e.name());
    }
    Iterator<double[]> back = past.get(e.name()).iterator();
    for (int d = 1; d < e.value() && back.hasNext(); d++) {
      back.next();
    }
    return back.hasNext() ? back.next() : new double[0];
  }

  private double[] recent(Equation e) {
    int history = program.variable(e.name()).history();
    int neurons = e.type().length() / history;
    var out = new ArrayList<Double>();
    Iterator<double[]> oldest = past.get(e.name()).descendingIterator();
    for (int first = (history - past.get(e.name()).size()) * neurons; oldest.hasNext(); ) {
      for (double i : oldest.next()) {
        if (i >= e.value() && i < e.value() + neurons) {
          out.add(first + i - e.value());
        }
      }
      first += neurons;
    }
    return out.stream().mapToDouble(x -> x).toArray();
  }

  private static double[] gather(double[] vector, double[] index) {
    var out = new double[index.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = vector[(int) index[i]];
    }
    return out;
  }

  private static double sum(DType dtype, double[] vector) {
    double sum = 0;
    for (double x : vector) {
      sum = Meaning.round(dtype, sum + x);
    }
    return sum;
  }

  private static double[] slice(Equation e, double[] events) {
    return java.util.Arrays.stream(events)
        .map(i -> i - e.value())
        .filter(i -> i >= 0 && i < e.type().length())
        .toArray();
  }

  private static double[] collect(double[] mask) {
    var indices = new ArrayList<Integer>();
    for (int i = 0; i < mask.length; i++) {
      if (mask[i] > 0) {
        indices.add(i);
      }
    }
    return indices.stream().mapToDouble(i -> i).toArray();
  }

  private static double[] marks(double[] events, int length) {
    var out = new double[length];
    for (double event : events) {
      out[(int) event] = 1;
    }
    return out;
  }

  private static double[] pad(Equation e, double[] part) {
    var out = new double[e.type().length()];
    System.arraycopy(part, 0, out, (int) e.value(), part.length);
    return out;
  }

  private static double[] scatter(Equation e, double[] vector, double[] index) {
    var out = new double[e.type().length()];
    for (int i = 0; i < vector.length; i++) {
      int at = (int) index[i];
      out[at] = Meaning.round(e.type().dtype(), out[at] + vector[i]);
    }
    return out;
  }

  /** What a variable remembers: one mask per step, oldest first. */
  private double[] masks(Variable v) {
    int neurons = v.type().length();
    var out = new double[v.history() * neurons];
    int step = v.history() - 1;
    for (double[] events : past.get(v.name())) {
      System.arraycopy(marks(events, neurons), 0, out, step-- * neurons, neurons);
    }
    return out;
  }

  /** An operand of a product; events as the mask they are. */
  private double[] operand(Equation e, int number) {
    int place = e.args().get(number);
    Type type = program.at(place).type();
    return type.dtype() == DType.EVENTS ? marks(values[place], type.length()) : values[place];
  }

  @Override
  public void read(String variable, int[] indices, double[] out) {
    Variable v = program.variable(variable);
    v.requireElements(indices);
    double[] from = v.type().dtype() == DType.EVENTS ? masks(v) : state.get(variable);
    for (int k = 0; k < indices.length; k++) {
      out[k] = from[indices[k]];
    }
  }

  /** Replaces what a variable remembers: one mask per step, oldest first. */
  private void remember(Variable v, double[] masks) {
    int neurons = v.type().length();
    past.get(v.name()).clear();
    for (int from = 0; from < masks.length; from += neurons) {
      past.get(v.name()).addFirst(collect(Arrays.copyOfRange(masks, from, from + neurons)));
    }
  }

  @Override
  public void write(String variable, double[] newValues) {
    program.variable(variable).requireLength(newValues.length);
    Type type = program.variable(variable).type();
    if (type.dtype() == DType.EVENTS) {
      remember(program.variable(variable), newValues);
      return;
    }
    var rounded = new double[newValues.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = Meaning.round(type.dtype(), newValues[i]);
    }
    state.put(variable, rounded);
  }

  @Override
  public void write(String variable, float[] values) {
    var wide = new double[values.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = values[i];
    }
    write(variable, wide);
  }

  @Override
  public void read(String variable, float[] out) {
    program.variable(variable).requireLength(out.length);
    double[] from = state.get(variable);
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) from[i];
    }
  }

  @Override
  public void save(Snapshot to) {
    for (String v : to.names()) {
      if (to.isEvents(v)) {
        save(to.events(v), past.get(v));
      } else {
        for (int i = 0; i < state.get(v).length; i++) {
          Array.set(to.array(v), i, element(to.array(v), state.get(v)[i]));
        }
      }
    }
  }

  /** A value as an element of an array. */
  private static Object element(Object array, double value) {
    if (array instanceof float[]) {
      return (float) value;
    }
    return array instanceof int[] ? (Object) (int) value : (Object) value;
  }

  private static void save(Events[] to, Deque<double[]> past) {
    Iterator<double[]> back = past.iterator();
    for (Events list : to) {
      list.clear();
      for (double i : back.hasNext() ? back.next() : new double[0]) {
        list.add((int) i);
      }
    }
  }

  @Override
  public void restore(Snapshot from) {
    from.requireFit(program);
    for (String v : from.names()) {
      if (from.isEvents(v) && past.containsKey(v)) {
        past.get(v).clear();
        Arrays.stream(from.events(v))
            .limit(program.variable(v).history())
            .map(list -> Arrays.stream(list.indices(), 0, list.count()).asDoubleStream().toArray())
            .forEach(past.get(v)::addLast);
      } else if (state.containsKey(v)) {
        var values = new double[state.get(v).length];
        Arrays.setAll(values, i -> Array.getDouble(from.array(v), i));
        state.put(v, values);
      }
    }
  }

  @Override
  public EventLog log(String variable) {
    EventLog log = logs.get(variable);
    if (log == null) {
      throw new NoSuchElementException(variable + " is not recorded; recorded: " + logs.keySet());
    }
    return log;
  }

  @Override
  public int firstNonFinite(String variable) {
    double[] value = state.get(variable);
    for (int i = 0; i < value.length; i++) {
      if (!Double.isFinite(value[i])) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public long synapses(String rows) {
    return product.matrix(rows).stream().mapToLong(List::size).sum();
  }

  @Override
  public int[] outDegrees(String rows) {
    int[] bySource = product.matrix(rows).stream().mapToInt(List::size).toArray();
    var degrees = new int[program.rows(rows).pre()];
    for (int s = 0; s < bySource.length; s++) {
      degrees[s % degrees.length] += bySource[s];
    }
    return degrees;
  }

  @Override
  public long bytes() {
    return program.variables().stream().mapToLong(v -> 8L * v.type().size()).sum();
  }

  @Override
  public long bytes(String rows) {
    return 0; // what is counted are variables
  }

  @Override
  public double compileSeconds() {
    return 0;
  }

  @Override
  public void close() {}
}

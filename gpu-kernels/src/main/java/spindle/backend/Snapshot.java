package spindle.backend;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import spindle.compile.Events;
import spindle.ir.Program;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * Room for the values of some variables between two steps.
 *
 * <p>A vector has an array of its element type, a scalar a {@code double[]} of one element; events
 * have one list per step of their history, the youngest first.
 */
public final class Snapshot {
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, Type> types = new LinkedHashMap<>();

  /** Makes room; everything is zero and no neuron has fired. */
  public Snapshot(Collection<Variable> variables) {
    for (Variable v : variables) {
      values.put(v.name(), room(v));
      types.put(v.name(), v.type());
    }
  }

  /**
   * Refuses a program that has one of the variables as another type.
   *
   * @throws IllegalArgumentException naming the variable and both types
   */
  public void requireFit(Program program) {
    for (Variable v : program.variables()) {
      Type mine = types.getOrDefault(v.name(), v.type());
      if (!mine.equals(v.type())) {
        throw new IllegalArgumentException(
            v.name() + " is " + v.type() + ", the snapshot has " + mine);
      }
    }
  }

  /** What the variables of a program hold after one step from zero. */
  public static Snapshot after(Program program, Map<String, Double> scalars, Backend backend) {
    var state = new Snapshot(program.variables());
    try (Executable once = backend.load(program, new Arguments(scalars, Set.of(), true))) {
      once.run(0, 1);
      once.save(state);
    }
    return state;
  }

  private static Object room(Variable v) {
    int length = v.type().size();
    return switch (v.type().dtype()) {
      case F32 -> v.type().isScalar() ? new double[1] : new float[length];
      case F64 -> new double[length];
      case I32 -> v.type().isScalar() ? new double[1] : new int[length];
      case EVENTS -> lists(v);
    };
  }

  private static Events[] lists(Variable v) {
    var lists = new Events[v.history()];
    for (int d = 0; d < lists.length; d++) {
      lists[d] = new Events(v.type().length());
    }
    return lists;
  }

  /** Names of the variables it holds. */
  public Set<String> names() {
    return values.keySet();
  }

  /** The array of a variable that is no events variable. */
  public Object array(String variable) {
    return values.get(variable);
  }

  /** The events of a variable; element d - 1 was emitted d steps before. */
  public Events[] events(String variable) {
    return (Events[]) values.get(variable);
  }

  /** Whether a variable holds events. */
  public boolean isEvents(String variable) {
    return values.get(variable) instanceof Events[];
  }

  /** Takes over what another snapshot holds of the same variables. */
  public void put(Snapshot other) {
    values.putAll(other.values);
    types.putAll(other.types);
  }

  /** Memory held [B]. */
  public long bytes() {
    return values.values().stream().mapToLong(Snapshot::bytes).sum();
  }

  private static long bytes(Object values) {
    if (values instanceof Events[] lists) {
      long sum = 0;
      for (Events list : lists) {
        sum += 4L * list.indices().length;
      }
      return sum;
    }
    int length = java.lang.reflect.Array.getLength(values);
    return values instanceof double[] ? 8L * length : 4L * length;
  }
}

package spindle.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Type;
import spindle.ir.Variable;

/** Where values live: vectors in numbered arrays, scalars in slots of one {@code double[]}. */
public final class Layout {
  /** The slot that holds the number of the step. */
  public static final int TIME_SLOT = 0;

  private final List<Type> arrays = new ArrayList<>();
  private final Map<String, Integer> variables;
  private final Map<String, Integer> scalarVariables;
  private final Map<Integer, Integer> slots = new HashMap<>();
  private final Map<Integer, Integer> homes = new HashMap<>();
  private final Set<Integer> counts = new HashSet<>();
  private int slotCount = 1;

  Layout(Program p) {
    var vectors = new LinkedHashMap<String, Integer>();
    var scalars = new LinkedHashMap<String, Integer>();
    for (Variable v : p.variables()) {
      if (v.type().isScalar()) {
        scalars.put(v.name(), slotCount++);
      } else if (v.type().dtype() != DType.EVENTS) {
        vectors.put(v.name(), array(v.type()));
      }
    }
    this.variables = Collections.unmodifiableMap(vectors);
    this.scalarVariables = Collections.unmodifiableMap(scalars);
  }

  /** Types of the arrays; for events an {@link Events} stands there. */
  public List<Type> arrays() {
    return List.copyOf(arrays);
  }

  /** Whether an array holds counts of events: whole numbers, a {@code short[]} on a CPU. */
  public boolean isCount(int array) {
    return counts.contains(array);
  }

  /** Whether any array holds counts. */
  public boolean hasCounts() {
    return !counts.isEmpty();
  }

  /** Array of each vector variable. */
  public Map<String, Integer> variables() {
    return variables;
  }

  /** Slot of each scalar variable. */
  public Map<String, Integer> scalarVariables() {
    return scalarVariables;
  }

  /** Slot of each scalar equation that a loop reads. */
  public Map<Integer, Integer> slots() {
    return Map.copyOf(slots);
  }

  /** Number of slots. */
  public int slotCount() {
    return slotCount;
  }

  int array(Type type) {
    arrays.add(type);
    return arrays.size() - 1;
  }

  void holdCounts(int array) {
    counts.add(array);
  }

  int variable(String name) {
    return variables.get(name);
  }

  int scalarVariable(String name) {
    return scalarVariables.get(name);
  }

  int slot(int place) {
    return slots.computeIfAbsent(place, p -> slotCount++);
  }

  boolean hasHome(int place) {
    return homes.containsKey(place);
  }

  int home(int place, Type type) {
    return homes.computeIfAbsent(place, p -> array(type));
  }

  void settle(int place, int array) {
    homes.put(place, array);
  }
}

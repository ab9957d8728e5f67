package spindle.compile.ptx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import spindle.compile.Layout;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * Where everything that a trial owns lies in one piece of device memory, in bytes from its start.
 *
 * <p>A list of events is a count (16 bytes), a bit per neuron in words of 32, and the indices.
 */
public final class Arena {
  /** Number of the step to run next, i32. */
  public static final int STEP = 0;

  /** Steps to run, i32; the device leaves it as it is. */
  public static final int LEFT = 4;

  /** Steps run since the state was set, i32: where rings of events stand. */
  public static final int TICK = 8;

  /** Steps in the recordings, i32. */
  public static final int RECORDED = 12;

  private static final int HEADER = 16;
  private static final int ALIGNMENT = 16;
  private static final int COUNT_BYTES = 16;

  /** A table that is filled by the host. */
  public enum Kind {
    /** Per source, where its synapses begin, i32; one more at the end. */
    STARTS,
    /** Per synapse by source, its target. */
    TARGETS,
    /** Per synapse by source, its source. */
    SOURCES,
    /** Per synapse by source, its weight. */
    WEIGHTS,
    /** Per target, where its synapses begin, i32; one more at the end. */
    TARGET_STARTS,
    /** Per synapse by target, its source. */
    TARGET_SOURCES,
    /** Per synapse by target, its number by source. */
    TARGET_NUMBERS,
    /** Per synapse by target, its weight. */
    TARGET_WEIGHTS,
    /** Per recorded step, a bit per neuron. */
    RECORDING,
    /** When some state was last not finite: the steps run until then, i32. */
    NOT_FINITE
  }

  /** A table of some rows, or of a recorded variable. */
  public record Table(String of, Kind kind) {}

  private final Map<String, Integer> rings = new LinkedHashMap<>();
  private final Map<Table, Integer> tables = new LinkedHashMap<>();
  private final Map<String, Integer> arguments = new LinkedHashMap<>();
  private final Map<String, Integer> extra = new HashMap<>();
  private final Set<String> recorded;
  private final int[] arrays;
  private final int slots;
  private long end = HEADER;

  Arena(Program program, Layout layout, Set<String> recorded) {
    this.recorded = recorded;
    this.slots = take(8L * layout.slotCount());
    for (Variable v : program.variables()) {
      if (v.type().dtype() == DType.EVENTS) {
        rings.put(v.name(), take((long) v.history() * listBytes(v.type().length())));
      }
    }
    this.arrays = new int[layout.arrays().size()];
    for (int i = 0; i < arrays.length; i++) {
      Type type = layout.arrays().get(i);
      boolean events = type.dtype() == DType.EVENTS;
      arrays[i] =
          take(
              events
                  ? listBytes(type.length())
                  : (long) type.dtype().bytes() * Math.max(1, type.length()));
    }
  }

  private int take(long bytes) {
    long at = end;
    end = (at + bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("state exceeds the 2 GiB that a trial may have on a GPU");
    }
    return (int) at;
  }

  /** Size [B]. */
  public long bytes() {
    return end;
  }

  /** A scalar, f64. */
  public int slot(int number) {
    return slots + 8 * number;
  }

  /** An array as numbered by {@link Layout}. */
  public int array(int number) {
    return arrays[number];
  }

  /** The lists of an events variable, one after the other. */
  public int ring(String variable) {
    return rings.get(variable);
  }

  /** Names of the events variables. */
  public Set<String> rings() {
    return rings.keySet();
  }

  /** Whether a variable is recorded. */
  boolean isRecorded(String variable) {
    return recorded.contains(variable);
  }

  /** Where the address of a table stands; the table is wanted from now on. */
  int table(String of, Kind kind) {
    return tables.computeIfAbsent(new Table(of, kind), k -> take(8));
  }

  /** Tables that are wanted, and where their addresses stand. */
  public Map<Table, Integer> tables() {
    return Map.copyOf(tables);
  }

  /** Where an argument of regenerated rows stands, f64. */
  int argument(String name) {
    return arguments.computeIfAbsent(name, k -> take(8));
  }

  /** Arguments that are wanted by name. */
  public Map<String, Integer> arguments() {
    return Map.copyOf(arguments);
  }

  /** A list of events that only the device knows. */
  int list(String key, int neurons) {
    return extra.computeIfAbsent(key, k -> take(listBytes(neurons)));
  }

  /** Number of words of bits for so many neurons. */
  public static int words(int neurons) {
    return (neurons + 31) / 32;
  }

  /** Size of a list of events [B]. */
  public static int listBytes(int neurons) {
    long bytes = COUNT_BYTES + 4L * words(neurons) + 4L * neurons;
    return Math.toIntExact((bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  /** Where the bits of a list begin, from its start. */
  public static int bits() {
    return COUNT_BYTES;
  }

  /** Where the indices of a list begin, from its start. */
  public static int indices(int neurons) {
    return COUNT_BYTES + 4 * words(neurons);
  }
}

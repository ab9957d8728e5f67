package spindle.compile.ptx;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import spindle.compile.Layout;
import spindle.compile.Schedule;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * Where everything that a trial owns lies in one piece of device memory, in bytes from its start.
 *
 * <p>A list of events is a count (16 bytes), a bit per neuron in words of 32, and the indices, in
 * 16 bits where that is enough.
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

  /** Neurons whose indices fit 16 bits. */
  private static final int MOST_NARROW = 1 << 16;

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

  /**
   * The lists of an events variable, one behind the other.
   *
   * @param offset of the first
   * @param lists one more than the steps that are remembered, for that of the step under way; where
   *     nothing is ever kept, one for each step, the oldest first
   * @param turns whether something is kept
   */
  public record Ring(int offset, int lists, boolean turns) {
    /** The number of the list of some steps ago. */
    public int number(int tick, int delay) {
      return ((turns ? tick : 0) + lists - delay) % lists;
    }
  }

  private final Map<String, Ring> rings = new LinkedHashMap<>();
  private final Map<Table, Integer> tables = new LinkedHashMap<>();
  private final Map<String, Integer> arguments = new LinkedHashMap<>();
  private final Map<String, Integer> extra = new HashMap<>();
  private final Map<Integer, Integer> counters = new HashMap<>();
  private final Set<String> recorded;
  private final int[] arrays;
  private final int slots;
  private long end = HEADER;

  Arena(Schedule schedule, EventArrays lists, Set<String> recorded) {
    Program program = schedule.program();
    Layout layout = schedule.layout();
    this.recorded = recorded;
    this.slots = take(8L * layout.slotCount());
    for (Variable v : program.variables()) {
      if (v.type().dtype() == DType.EVENTS) {
        boolean turns = program.updates().stream().anyMatch(u -> u.variable().equals(v.name()));
        int length = v.history() + (turns ? 1 : 0);
        int offset = take((long) length * listBytes(v.type().length()));
        rings.put(v.name(), new Ring(offset, length, turns));
      }
    }
    this.arrays = new int[layout.arrays().size()];
    for (int i = 0; i < arrays.length; i++) {
      Type type = layout.arrays().get(i);
      boolean events = type.dtype() == DType.EVENTS;
      arrays[i] = events ? list(lists, i, type) : vector(type);
    }
  }

  private int list(EventArrays lists, int array, Type type) {
    return lists.isOwn(array) ? take(listBytes(type.length())) : -1;
  }

  private int vector(Type type) {
    return take((long) type.dtype().bytes() * Math.max(1, type.length()));
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
    if (arrays[number] < 0) {
      throw new IllegalArgumentException("array " + number + " is found elsewhere");
    }
    return arrays[number];
  }

  /** The lists of an events variable. */
  public Ring ring(String variable) {
    return rings.get(variable);
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

  /**
   * Where a kernel of a step finds the counters, each its own: the one before has written them. The
   * first finds what stands before everything else.
   */
  int counters(int kernel) {
    return kernel == 0 ? STEP : counters.computeIfAbsent(kernel, k -> take(HEADER));
  }

  /** A list of events that only the device knows. */
  int list(String key, int neurons) {
    return extra.computeIfAbsent(key, k -> take(listBytes(neurons)));
  }

  /** Number of words of bits for so many neurons. */
  public static int words(int neurons) {
    return (neurons + 31) / 32;
  }

  /** Size of an index in a list of events [B]. */
  public static int indexBytes(int neurons) {
    return neurons <= MOST_NARROW ? Short.BYTES : Integer.BYTES;
  }

  /** Size of a list of events [B]. */
  public static int listBytes(int neurons) {
    long bytes = COUNT_BYTES + 4L * words(neurons) + (long) indexBytes(neurons) * neurons;
    return Math.toIntExact((bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  /** Size of the bits of a recorded step, a multiple of 8 [B]. */
  public static int recordedBytes(int neurons) {
    return (neurons + 63) / 64 * 8;
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

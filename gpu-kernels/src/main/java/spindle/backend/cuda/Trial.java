package spindle.backend.cuda;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import spindle.compile.Constants;
import spindle.compile.Events;
import spindle.compile.Layout;
import spindle.compile.Schedule;
import spindle.compile.Stage;
import spindle.compile.ptx.Arena;
import spindle.compile.ptx.Kernels;
import spindle.ir.DType;
import spindle.ir.Meaning;
import spindle.ir.Program;
import spindle.ir.Type;
import spindle.ir.Variable;

/** The state of one trial in device memory. */
final class Trial {
  /** The counters. */
  private static final int HEAD_BYTES = 16;

  private final Program program;
  private final Layout layout;
  private final Arena arena;
  private final Driver.Memory memory;
  private final ByteBuffer head =
      ByteBuffer.allocateDirect(HEAD_BYTES).order(ByteOrder.nativeOrder());
  private final Driver.Transfer heading;
  private int tick;
  private int next;
  private int chunk;
  private boolean finite;
  private final double[] one = new double[1];

  Trial(Schedule schedule, Kernels kernels, Map<String, Double> arguments, Held held) {
    this.program = schedule.program();
    this.layout = schedule.layout();
    this.arena = kernels.arena();
    this.memory = held.keep(new Driver.Memory(arena.bytes()));
    this.heading = Driver.Transfer.of(memory, head);
    Constants constants = Constants.of(program, arguments);
    var slots = new double[layout.slotCount()];
    layout
        .slots()
        .forEach(
            (place, slot) ->
                slots[slot] = constants.known()[place] ? constants.values()[place] : 0);
    memory.write(arena.slot(0), slots, slots.length);
    arena.arguments().forEach((name, offset) -> scalar(offset, argument(arguments, name)));
    for (Stage stage : schedule.stages()) {
      if (stage instanceof Stage.Numbering s) {
        int n = layout.arrays().get(s.target()).length();
        memory.write(arena.array(s.target()), IntStream.range(0, n).toArray(), n);
      }
    }
  }

  private double argument(Map<String, Double> arguments, String name) {
    Double value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException(program.name() + " needs argument " + name);
    }
    return value;
  }

  long address() {
    return memory.address();
  }

  long bytes() {
    return memory.bytes();
  }

  /** Writes the address of a table. */
  void table(int offset, long address) {
    memory.write(offset, new long[] {address}, 1);
  }

  private void scalar(int offset, double value) {
    one[0] = value;
    memory.write(offset, one, 1);
  }

  /** Sets what the next launch is to run; one that goes on where the last ended needs no copy. */
  void prepare(int step, int steps) {
    if (step != next || steps != chunk) {
      setHead(step, steps);
    }
    next = step + steps;
    chunk = steps;
    tick += steps;
    finite = false;
  }

  /**
   * Takes note of what the device found after a launch.
   *
   * @param notFinite steps run when some state was last not finite
   */
  void look(int notFinite) {
    finite = notFinite != tick;
  }

  /** Whether all state is known to be finite, as the device found it and nobody has changed it. */
  boolean isFinite() {
    return finite;
  }

  private void setHead(int step, int steps) {
    head.putInt(Arena.STEP, step).putInt(Arena.LEFT, steps).putInt(Arena.TICK, tick);
    head.putInt(Arena.RECORDED, 0);
    heading.write(HEAD_BYTES);
  }

  private int offset(String variable) {
    Integer array = layout.variables().get(variable);
    if (array == null) {
      throw new NoSuchElementException(program.name() + " has no vector " + variable);
    }
    return arena.array(array);
  }

  private static Object room(DType dtype, int length) {
    return switch (dtype) {
      case F32 -> new float[length];
      case F64 -> new double[length];
      case I32 -> new int[length];
      case EVENTS -> throw new IllegalArgumentException("events are lists");
    };
  }

  void read(String variable, int[] indices, double[] out) {
    program.variable(variable).requireElements(indices);
    Type type = program.variable(variable).type();
    if (type.dtype() == DType.EVENTS) {
      masks(variable, indices, out);
    } else if (type.isScalar()) {
      memory.read(arena.slot(layout.scalarVariables().get(variable)), one, 1);
      java.util.Arrays.fill(out, 0, indices.length, one[0]);
    } else {
      elements(variable, type, indices, out);
    }
  }

  /** Copies no more than what lies between the first and the last that are wanted. */
  private void elements(String variable, Type type, int[] indices, double[] out) {
    int from = type.length();
    int to = 0;
    for (int i : indices) {
      from = Math.min(from, i);
      to = Math.max(to, i + 1);
    }
    if (indices.length > 0) {
      Object some = room(type.dtype(), to - from);
      memory.read(offset(variable) + from * type.dtype().bytes(), some, to - from);
      for (int k = 0; k < indices.length; k++) {
        out[k] = Array.getDouble(some, indices[k] - from);
      }
    }
  }

  private void masks(String variable, int[] indices, double[] out) {
    Variable v = program.variable(variable);
    int n = v.type().length();
    var masks = new double[v.history() * n];
    for (int d = 1; d <= v.history(); d++) {
      int first = (v.history() - d) * n;
      each(list(v, d), n, i -> masks[first + i] = 1);
    }
    for (int k = 0; k < indices.length; k++) {
      out[k] = masks[indices[k]];
    }
  }

  /** Where the list of some steps ago is, as the kernels find it. */
  private int list(Variable v, int delay, int size) {
    Arena.Ring ring = arena.ring(v.name());
    return ring.offset() + ring.number(tick, delay) * size;
  }

  /** The neurons of a list, ascending: the device may have listed them in another order. */
  private static void each(int[] list, int n, IntConsumer use) {
    for (int w = 0; w < Arena.words(n); w++) {
      for (int rest = list[Arena.bits() / 4 + w]; rest != 0; rest &= rest - 1) {
        use.accept(32 * w + Integer.numberOfTrailingZeros(rest));
      }
    }
  }

  private int[] list(Variable v, int delay) {
    int size = Arena.listBytes(v.type().length());
    var list = new int[size / 4];
    memory.read(list(v, delay, size), list, list.length);
    return list;
  }

  private void list(Variable v, int delay, Events events) {
    int n = v.type().length();
    int size = Arena.listBytes(n);
    var list = new int[size / 4];
    list[0] = events.count();
    for (int e = 0; e < events.count(); e++) {
      int i = events.indices()[e];
      list[Arena.bits() / 4 + i / 32] |= 1 << i % 32;
      int at = Arena.indices(n) + e * Arena.indexBytes(n);
      list[at / 4] |= i << (8 * (at % 4));
    }
    memory.write(list(v, delay, size), list, list.length);
  }

  void write(String variable, double[] values) {
    finite = false;
    Variable v = program.variable(variable);
    Type type = v.type();
    v.requireLength(values.length);
    if (type.dtype() == DType.EVENTS) {
      remember(v, values);
    } else if (type.isScalar()) {
      double rounded = Meaning.round(type.dtype(), values[0]);
      scalar(arena.slot(layout.scalarVariables().get(variable)), rounded);
    } else {
      memory.write(offset(variable), elements(type, values), values.length);
    }
  }

  private static Object elements(Type type, double[] values) {
    Object all = room(type.dtype(), type.length());
    for (int i = 0; i < values.length; i++) {
      switch (type.dtype()) {
        case F32 -> ((float[]) all)[i] = (float) values[i];
        case F64 -> ((double[]) all)[i] = values[i];
        case I32 -> ((int[]) all)[i] = (int) values[i];
        case EVENTS -> throw new IllegalArgumentException("events are lists");
      }
    }
    return all;
  }

  private void remember(Variable v, double[] masks) {
    int n = v.type().length();
    for (int d = 1; d <= v.history(); d++) {
      var events = new Events(n);
      for (int i = 0; i < n; i++) {
        if (masks[(v.history() - d) * n + i] > 0) {
          events.add(i);
        }
      }
      list(v, d, events);
    }
  }

  /** Copies a whole float32 vector in. */
  void write(String variable, float[] values) {
    finite = false;
    memory.write(floats(variable, values), values, values.length);
  }

  /** Copies a whole float32 vector out. */
  void read(String variable, float[] out) {
    memory.read(floats(variable, out), out, out.length);
  }

  private int floats(String variable, float[] other) {
    program.variable(variable).requireFloats(other.length);
    return offset(variable);
  }

  /** Copies a whole vector or scalar out, as a snapshot holds it. */
  void save(String variable, Object array) {
    Type type = program.variable(variable).type();
    memory.read(place(variable, type), array, type.size());
  }

  /** Takes over what {@link #save} copied out. */
  void restore(String variable, Object array) {
    finite = false;
    Type type = program.variable(variable).type();
    memory.write(place(variable, type), array, type.size());
  }

  private int place(String variable, Type type) {
    return type.isScalar() ? arena.slot(layout.scalarVariables().get(variable)) : offset(variable);
  }

  void save(String variable, Events[] lists) {
    Variable v = program.variable(variable);
    for (int d = 1; d <= lists.length; d++) {
      Events events = lists[d - 1];
      events.clear();
      each(list(v, d), v.type().length(), events::add);
    }
  }

  void restore(String variable, Events[] lists) {
    Variable v = program.variable(variable);
    var none = new Events(0);
    for (int d = 1; d <= v.history(); d++) {
      list(v, d, d <= lists.length ? lists[d - 1] : none);
    }
  }
}

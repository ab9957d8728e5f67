package spindle.backend.cuda;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import spindle.compile.Mode;
import spindle.compile.RowLoop;
import spindle.compile.ptx.Arena;
import spindle.compile.ptx.Kernels;
import spindle.ir.DType;
import spindle.ir.Program;
import spindle.ir.Rows;

/** The tables of stored matrices in device memory. */
final class Tables {
  private static final Set<Arena.Kind> NO_ROWS =
      EnumSet.of(Arena.Kind.RECORDING, Arena.Kind.NOT_FINITE);

  private final Program program;
  private final Map<String, Double> arguments;
  private final Map<String, Synapses> synapses = new HashMap<>();
  private final Map<String, Degrees> degrees = new HashMap<>();
  private final Map<String, Long> bytes = new HashMap<>();
  private final Held held;

  Tables(Program program, Map<String, Double> arguments, Held held) {
    this.program = program;
    this.arguments = arguments;
    this.held = held;
  }

  /** Walks the rows of which some tables are wanted, on whatever thread. */
  void walk(Set<Arena.Table> wanted) {
    for (Arena.Table table : wanted) {
      if (!NO_ROWS.contains(table.kind())) {
        synapses(table.of());
      }
    }
  }

  /** Makes a table; its address. */
  long make(Arena.Table table) {
    Rows rows = program.rows(table.of());
    Object contents = synapses(table.of()).table(table.kind());
    if (contents instanceof double[] weights && Kernels.weightType(rows) == DType.F32) {
      contents = floats(weights);
    }
    int length = java.lang.reflect.Array.getLength(contents);
    long size = (contents instanceof double[] ? 8L : 4L) * length;
    Driver.Memory memory = held.keep(new Driver.Memory(size));
    memory.write(0, contents, length);
    bytes.merge(table.of(), memory.bytes(), Long::sum);
    return memory.address();
  }

  private static float[] floats(double[] weights) {
    var floats = new float[weights.length];
    for (int k = 0; k < floats.length; k++) {
      floats[k] = (float) weights[k];
    }
    return floats;
  }

  private Synapses synapses(String rows) {
    return synapses.computeIfAbsent(rows, r -> Synapses.of(program.rows(r), arguments));
  }

  /** What the host still wants to know of some rows whose tables are made. */
  record Degrees(long synapses, int[] out) {
    private Degrees(Synapses all) {
      this(all.count(), all.outDegrees());
    }

    private Degrees(int[] out) {
      this(Arrays.stream(out).asLongStream().sum(), out);
    }
  }

  /** The number of synapses of some rows; walks regenerated ones. */
  Degrees degrees(String rows) {
    return degrees.computeIfAbsent(
        rows, r -> synapses.containsKey(r) ? new Degrees(synapses.get(r)) : new Degrees(walked(r)));
  }

  /** Regenerated rows may have more synapses than a host holds. */
  private int[] walked(String name) {
    Rows rows = program.rows(name);
    return new RowLoop(rows, arguments, Mode.FUSED).outDegrees(rows);
  }

  /** Lets go of what was only needed to make tables: a host has many trials at a time. */
  void forget() {
    synapses.keySet().forEach(this::degrees);
    synapses.clear();
  }

  /** Device memory of some rows [B]. */
  long bytes(String rows) {
    return bytes.getOrDefault(rows, 0L);
  }

  /** Device memory of all rows [B]. */
  long bytes() {
    return bytes.values().stream().mapToLong(b -> b).sum();
  }
}

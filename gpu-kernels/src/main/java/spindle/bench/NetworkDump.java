package spindle.bench;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import spindle.backend.Arguments;
import spindle.backend.Executable;
import spindle.backend.reference.ReferenceBackend;
import spindle.compile.Mode;
import spindle.compile.RowLoop;
import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;
import spindle.model.Delays;
import spindle.model.Network;
import spindle.model.Population;
import spindle.model.Projection;
import spindle.model.neuron.Lif;
import spindle.model.synapse.Coba;
import spindle.model.synapse.Exponential;
import spindle.sim.Simulation;

/**
 * Writes a balanced network as other programs read it: connectivity, initial state and the very
 * constants the simulation computes with. The format stands in {@code benchmarks/network.py}.
 */
final class NetworkDump {
  private static final int VERSION = 1;
  private static final int NAME_BYTES = 24;

  private final Network network;
  private final long seed;
  private final int steps;
  private final int[][] rows;

  NetworkDump(Network network, long seed, int steps) {
    this.network = network;
    this.seed = seed;
    this.steps = steps;
    this.rows = new int[network.populations().get(0).size()][];
    network.projections().forEach(this::list);
  }

  private void list(Projection p) {
    Rows plain = p.connectivity().rows(p.name(), Rows.Storage.STORED);
    if (plain.byPost() || !(p.delays() instanceof Delays.Constant)) {
      throw new IllegalArgumentException("--dump writes rows by pre with one delay for all only");
    }
    var loop = new RowLoop(plain, p.connectivity().arguments(p.name(), seed), Mode.PLAIN);
    int[] all = IntStream.range(0, plain.rows()).toArray();
    Arrays.fill(rows, p.pre().from(), p.pre().from() + all.length, new int[0]);
    for (int chunk = 0; chunk < plain.chunks(); chunk++) {
      loop.visit(
          all,
          0,
          all.length,
          chunk,
          (i, columns, from, to, w, first) -> append(p, i, columns, from, to));
    }
    Arrays.stream(rows, p.pre().from(), p.pre().from() + all.length).forEach(Arrays::sort);
  }

  private void append(Projection p, int i, int[] columns, int from, int to) {
    int at = p.pre().from() + i;
    int before = rows[at].length;
    rows[at] = Arrays.copyOf(rows[at], before + to - from);
    System.arraycopy(columns, from, rows[at], before, to - from);
  }

  /** Writes the file for a simulation that has not begun. */
  void write(Path file, Simulation simulation) {
    try (OutputStream out = Files.newOutputStream(file);
        var stream = new DataOutputStream(new java.io.BufferedOutputStream(out))) {
      stream.write("SPINDLEN".getBytes(StandardCharsets.US_ASCII));
      Map<String, Double> header = header();
      stream.write(ints(VERSION, header.size()));
      for (Map.Entry<String, Double> e : header.entrySet()) {
        stream.write(Arrays.copyOf(e.getKey().getBytes(StandardCharsets.US_ASCII), NAME_BYTES));
        stream.writeLong(Long.reverseBytes(Double.doubleToLongBits(e.getValue())));
      }
      matrix(stream);
      initial(stream, simulation, "v");
      if (!(network.populations().get(0).neuron() instanceof Lif)) {
        initial(stream, simulation, "g_exc");
        initial(stream, simulation, "g_inh");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private Map<String, Double> header() {
    Population cells = network.populations().get(0);
    Projection exc = network.projections().get(0);
    Projection inh = network.projections().get(1);
    var h = new LinkedHashMap<String, Double>();
    h.put("neurons", (double) cells.size());
    h.put("n_exc", (double) exc.pre().size());
    h.put("synapses", (double) Arrays.stream(rows).mapToLong(r -> r.length).sum());
    h.put("steps", (double) steps);
    h.put("column_bytes", (double) columnBytes());
    h.put("dt", network.dtMs());
    h.put("drive", ((spindle.model.Input.Constant) cells.inputs().get(0)).current());
    h.put("e_e", ((Coba) exc.receptor().output()).e());
    h.put("e_i", ((Coba) inh.receptor().output()).e());
    h.put("w_e", exc.weight());
    h.put("w_i", inh.weight());
    h.put("decay_e", decay(((Exponential) exc.receptor().synapse()).tau(), Op.EXP));
    h.put("decay_i", decay(((Exponential) inh.receptor().synapse()).tau(), Op.EXP));
    if (cells.neuron() instanceof Lif lif) {
      h.putAll(lif(lif));
    }
    return h;
  }

  private Map<String, Double> lif(Lif lif) {
    return Map.of(
        "n_ref", (double) Math.round(lif.tRefractory() / network.dtMs()),
        "v_rest", lif.vRest(),
        "v_th", lif.vThreshold(),
        "v_reset", lif.vReset(),
        "a", -decay(lif.tau(), Op.EXPM1));
  }

  /** exp or expm1 of -dt / tau, to the bit as the step program has it. */
  private double decay(double tau, Op op) {
    DType precision = network.precision();
    var t = new Trace("decay");
    Expr ratio = t.parameter("dt", precision).over(t.parameter("tau", precision));
    t.declare(Variable.of("decay", Type.scalar(precision)));
    t.store("decay", ratio.negated().apply(op));
    var arguments = new Arguments(Map.of("dt", network.dtMs(), "tau", tau), Set.of());
    try (Executable e = new ReferenceBackend().load(t.finish(), arguments)) {
      e.run(0, 1);
      var out = new double[1];
      e.read("decay", new int[1], out);
      return out[0];
    }
  }

  private int columnBytes() {
    return rows.length > Character.MAX_VALUE + 1 ? 4 : 2;
  }

  private void matrix(DataOutputStream stream) throws IOException {
    var indptr = new int[rows.length + 1];
    for (int i = 0; i < rows.length; i++) {
      indptr[i + 1] = indptr[i] + rows[i].length;
    }
    stream.write(ints(indptr));
    for (int[] row : rows) {
      if (columnBytes() == 4) {
        stream.write(ints(row));
      } else {
        for (int column : row) {
          stream.writeChar(Character.reverseBytes((char) column));
        }
      }
    }
  }

  private void initial(DataOutputStream stream, Simulation simulation, String state)
      throws IOException {
    Population cells = network.populations().get(0);
    var values = new double[cells.size()];
    simulation.read(cells.all(), state, IntStream.range(0, values.length).toArray(), values);
    for (double x : values) {
      stream.writeInt(Integer.reverseBytes(Float.floatToRawIntBits((float) x)));
    }
  }

  private static byte[] ints(int... values) {
    var bytes = new byte[4 * values.length];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(values);
    return bytes;
  }
}

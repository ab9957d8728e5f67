package spindle.sim;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.connect.Connectivity;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * A connectivity times a float32 vector or batch: y = W' x along, y = W x against the synapses.
 *
 * <p>The same matrix whatever the direction, batch, storage and backend, and the same bits.
 */
public final class Product implements AutoCloseable {
  private static final String ROWS = "matrix";
  private static final String X = "x";
  private static final String Y = "y";
  private static final String WEIGHTS = "weights";

  private final Executable executable;
  private final int sources;
  private final int targets;
  private final int synapses;

  /**
   * What is multiplied.
   *
   * @param connectivity which pairs are connected, with what weights
   * @param direction towards the postsynaptic neurons or back
   * @param input how the elements of x count
   * @param batch elements per neuron, neuron by neuron
   * @param storage how the matrix is kept
   * @param weighted whether each synapse has a weight that {@link #weights} sets
   */
  public record Form(
      Connectivity connectivity,
      Direction direction,
      Input input,
      int batch,
      Rows.Storage storage,
      boolean weighted) {
    public Form {
      if (batch < 1) {
        throw new IllegalArgumentException("a batch has at least 1 member, got " + batch);
      }
    }

    /** Products with one vector. */
    public static Form of(Connectivity connectivity, Direction direction, Input input) {
      return new Form(connectivity, direction, input, 1, Rows.Storage.AUTO, false);
    }

    /** The same product on batches. */
    public Form withBatch(int members) {
      return new Form(connectivity, direction, input, members, storage, weighted);
    }

    /** The same product of a matrix that is kept otherwise. */
    public Form withStorage(Rows.Storage other) {
      return new Form(connectivity, direction, input, batch, other, weighted);
    }

    /** The same product with a weight per synapse. */
    public Form withWeights() {
      return new Form(connectivity, direction, input, batch, storage, true);
    }
  }

  /** How the elements of x count. */
  public enum Input {
    /** As the numbers they are. */
    VECTOR,
    /** As 1 where they are not 0: only the rows of those are visited. */
    EVENTS
  }

  /** Compiles a product and, where it is stored, builds the matrix of a seed. */
  public Product(Form form, long seed, Backend backend) {
    Rows rows = form.connectivity().rows(ROWS, form.storage());
    Map<String, Double> arguments = new HashMap<>(form.connectivity().arguments(ROWS, seed));
    this.synapses = form.weighted() ? count(rows, arguments, backend) : 0;
    this.sources = Math.multiplyExact(form.direction().sources(rows), form.batch());
    Program program = trace(form, rows);
    this.targets = program.variable(Y).type().length();
    this.executable = backend.load(program, new Arguments(arguments, Set.of()));
  }

  private Program trace(Form form, Rows rows) {
    var trace = new Trace("product");
    Expr x = load(trace, X, sources);
    Expr input = form.input() == Input.EVENTS ? trace.collect(x) : x;
    Expr y =
        form.weighted()
            ? trace.transmit(input, load(trace, WEIGHTS, synapses), rows, form.direction())
            : trace.propagate(input, rows, form.direction(), DType.F32);
    trace.declare(Variable.of(Y, y.type()));
    trace.store(Y, y);
    return trace.finish();
  }

  private static Expr load(Trace trace, String name, int length) {
    return trace.load(trace.declare(Variable.of(name, Type.vector(DType.F32, length))).name());
  }

  private static int count(Rows rows, Map<String, Double> arguments, Backend backend) {
    var trace = new Trace("synapses");
    Expr x = load(trace, X, rows.sources());
    Expr y = trace.propagate(x, rows, Direction.ALONG, DType.F32);
    trace.declare(Variable.of(Y, y.type()));
    trace.store(Y, y);
    try (Executable all = backend.load(trace.finish(), new Arguments(arguments, Set.of()))) {
      return Math.toIntExact(all.synapses(ROWS));
    }
  }

  /** Number of elements of x: sources times batch. */
  public int sources() {
    return sources;
  }

  /** Number of elements of y: targets times batch. */
  public int targets() {
    return targets;
  }

  /** Number of synapses; walks regenerated rows. */
  public long synapses() {
    return executable.synapses(ROWS);
  }

  /** Number of synapses per presynaptic neuron; walks regenerated rows. */
  public int[] outDegrees() {
    return executable.outDegrees(ROWS);
  }

  /** Memory of vectors and matrix [B]. */
  public long bytes() {
    return executable.bytes();
  }

  /**
   * Sets the weight of each synapse, by presynaptic and then postsynaptic neuron.
   *
   * @throws IllegalArgumentException if one is NaN or infinite, or there are too few
   */
  public void weights(float[] weights) {
    for (int k = 0; k < weights.length; k++) {
      if (!Float.isFinite(weights[k])) {
        throw new IllegalArgumentException("weight " + k + " must be finite, got " + weights[k]);
      }
    }
    executable.write(WEIGHTS, weights);
  }

  /**
   * Multiplies.
   *
   * @param x one element per source and member of the batch, {@code x[neuron * batch + member]}
   * @throws IllegalArgumentException if the length differs from {@link #sources}
   */
  public void multiply(float[] x) {
    executable.write(X, x);
    executable.run(0, 1);
  }

  /** Copies the last product, {@code y[neuron * batch + member]}. */
  public void result(float[] y) {
    executable.read(Y, y);
  }

  @Override
  public void close() {
    executable.close();
  }
}

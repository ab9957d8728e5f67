package spindle.sim;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.connect.Connectivity;
import spindle.connect.Csr;
import spindle.connect.Weighted;
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
 * <p>The same matrix whatever the direction, batch, storage and backend, and the same bits. {@link
 * #gradient} has the derivatives. Once closed it refuses all use ({@link IllegalStateException}).
 */
public final class Product implements AutoCloseable {
  static final String ROWS = "matrix";
  static final String X = "x";
  static final String Y = "y";
  static final String WEIGHTS = "weights";

  final Form form;
  final Backend backend;
  final Map<String, Double> arguments;
  final Program program;
  final Executable executable;

  /** How often the weights were set. */
  int weightings;

  /** Whether something was multiplied. */
  boolean multiplied;

  private boolean closed;

  /**
   * What is multiplied.
   *
   * @param connectivity which pairs are connected, with what weights
   * @param direction towards the postsynaptic neurons or back
   * @param input how the elements of x count
   * @param batch elements per neuron, neuron by neuron
   * @param storage how the matrix is kept
   * @param weights where the weights come from
   */
  public record Form(
      Connectivity connectivity,
      Direction direction,
      Input input,
      int batch,
      Rows.Storage storage,
      Weights weights) {
    public Form {
      if (batch < 1) {
        throw new IllegalArgumentException("a batch has at least 1 member, got " + batch);
      }
      if (weights == Weights.PER_SYNAPSE && storage == Rows.Storage.REGENERATED) {
        throw new IllegalArgumentException(
            "a weight for each synapse needs storage auto or stored, got regenerated; weights of a"
                + " law (connect.Weighted) are regenerated too");
      }
    }

    /** Products with one vector and the weights of the connectivity. */
    public static Form of(Connectivity connectivity, Direction direction, Input input) {
      return new Form(connectivity, direction, input, 1, Rows.Storage.AUTO, Weights.OWN);
    }

    /** The same product on batches. */
    public Form withBatch(int members) {
      return new Form(connectivity, direction, input, members, storage, weights);
    }

    /** The same product of a matrix that is kept otherwise. */
    public Form withStorage(Rows.Storage other) {
      return new Form(connectivity, direction, input, batch, other, weights);
    }

    /** The same product with weights from elsewhere. */
    public Form withWeights(Weights other) {
      return new Form(connectivity, direction, input, batch, storage, other);
    }
  }

  /** How the elements of x count. */
  public enum Input {
    /** As the numbers they are. */
    VECTOR,
    /** As 1 where they are above 0, else not at all: only the rows of those are visited. */
    EVENTS
  }

  /** Where the weights come from. */
  public enum Weights {
    /** From the connectivity: 1 where it has none. */
    OWN,
    /** One, 1 until {@link Product#weights} sets it, times those of the connectivity. */
    COMMON,
    /**
     * One for each synapse. Until {@link Product#weights} sets them, the weights of a {@link Csr},
     * delayed or not, else 1. Weights of a law are not replaced but refused.
     */
    PER_SYNAPSE
  }

  /**
   * Compiles a product and, where it is stored, builds the matrix of a seed.
   *
   * @throws IllegalArgumentException if a size does not fit an array or the heap, or weights by
   *     synapse would replace those of a law, with the value and the rule
   */
  public Product(Form form, long seed, Backend backend) {
    this.form = form;
    this.backend = backend;
    Rows rows = ProductSize.fitting(form, connected().rows(ROWS, form.storage()));
    this.arguments = new HashMap<>(form.connectivity().arguments(ROWS, seed));
    this.program = trace(rows);
    this.executable = backend.load(program, new Arguments(arguments, Set.of()));
    if (form.weights() != Weights.OWN) {
      weights(initialWeights(rows));
    }
  }

  /** The connectivity, without its weights where each synapse gets one from elsewhere. */
  private Connectivity connected() {
    Connectivity law = form.connectivity();
    if (form.weights() != Weights.PER_SYNAPSE) {
      return law;
    }
    if (Weighted.of(law).isPresent()) {
      throw new IllegalArgumentException(
          "a weight for each synapse would replace those of a law; use weights own or common, or"
              + " the connectivity without its weights: "
              + law);
    }
    return GivenWeights.without(law);
  }

  private float[] initialWeights(Rows rows) {
    if (form.weights() == Weights.PER_SYNAPSE) {
      Optional<Csr> given = GivenWeights.of(form.connectivity());
      return given.map(csr -> GivenWeights.ordered(csr, rows, arguments)).orElseGet(this::ones);
    }
    return ones();
  }

  private float[] ones() {
    var ones = new float[weightCount()];
    Arrays.fill(ones, 1);
    return ones;
  }

  private Program trace(Rows rows) {
    var trace = new Trace("product");
    Expr x = load(trace, X, form.direction().sources(rows) * form.batch());
    Expr input = form.input() == Input.EVENTS ? trace.collect(x) : x;
    Expr y =
        switch (form.weights()) {
          case OWN -> trace.propagate(input, rows, form.direction(), DType.F32);
          case COMMON ->
              trace
                  .propagate(input, rows, form.direction(), DType.F32)
                  .times(load(trace, WEIGHTS, Type.SCALAR));
          case PER_SYNAPSE ->
              trace.transmit(input, load(trace, WEIGHTS, count(rows)), rows, form.direction());
        };
    // A product infers its batch from x, which is empty where there are no sources.
    Expr all = trace.pad(y, 0, form.direction().targets(rows) * form.batch());
    trace.declare(Variable.of(Y, all.type()));
    trace.store(Y, all);
    return trace.finish();
  }

  private int count(Rows rows) {
    return ProductSize.length(Synapses.count(rows, arguments, backend));
  }

  private static Expr load(Trace trace, String name, int length) {
    return trace.load(trace.declare(Variable.of(name, new Type(DType.F32, length))).name());
  }

  /** Number of elements of x: sources times batch, as {@link #multiply} has them. */
  public int sources() {
    return program.variable(X).type().length();
  }

  /** Number of elements of y: targets times batch. */
  public int targets() {
    return program.variable(Y).type().length();
  }

  /** Number of synapses; walks regenerated rows. */
  public long synapses() {
    requireOpen();
    return executable.synapses(ROWS);
  }

  /** Number of synapses per presynaptic neuron; walks regenerated rows. */
  public int[] outDegrees() {
    requireOpen();
    return executable.outDegrees(ROWS);
  }

  /** Memory of vectors and matrix [B]. */
  public long bytes() {
    return executable.bytes();
  }

  /** Seconds spent compiling. */
  public double compileSeconds() {
    return executable.compileSeconds();
  }

  /** Number of weights that {@link #weights} sets. */
  public int weightCount() {
    return form.weights() == Weights.OWN ? 0 : program.variable(WEIGHTS).type().size();
  }

  /**
   * Sets the weights: one for all, or one for each synapse, by presynaptic and then postsynaptic
   * neuron. With delays ({@link spindle.connect.Delayed}) synapses are numbered by source instead,
   * as {@link #multiply} counts them: those of the longest delay come first.
   *
   * @throws IllegalArgumentException if one is NaN or infinite, or their number is another
   */
  public void weights(float... weights) {
    requireOpen();
    requireLength("weights", weightCount(), weights.length);
    for (int k = 0; k < weights.length; k++) {
      if (!Float.isFinite(weights[k])) {
        throw new IllegalArgumentException("weight " + k + " must be finite, got " + weights[k]);
      }
    }
    weightings++;
    if (form.weights() == Weights.COMMON) {
      executable.write(WEIGHTS, new double[] {weights[0]});
    } else if (form.weights() == Weights.PER_SYNAPSE) {
      executable.write(WEIGHTS, weights);
    }
  }

  /**
   * Multiplies.
   *
   * <p>Of a law with delays ({@link spindle.connect.Delayed}) the sources along are the presynaptic
   * neurons at each of the last {@code longest} steps, the oldest first: source {@code (longest -
   * d) * pre + i} is neuron i as it was d steps ago, which a synapse of delay d passes on. So x has
   * {@code longest * pre * batch} elements; against the synapses the result has as many, in this
   * layout.
   *
   * @param x one element per source and member of the batch, {@code x[source * batch + member]}
   * @throws IllegalArgumentException if the length differs from {@link #sources}
   */
  public void multiply(float[] x) {
    requireOpen();
    requireLength("x", sources(), x.length);
    executable.write(X, x);
    executable.run(0, 1);
    multiplied = true;
  }

  /** Multiplies what is 1 where {@code x} is true, else 0. */
  public void multiply(boolean[] x) {
    var ones = new float[x.length];
    for (int k = 0; k < x.length; k++) {
      ones[k] = x[k] ? 1 : 0;
    }
    multiply(ones);
  }

  /**
   * Copies the last product, {@code y[target * batch + member]}.
   *
   * @throws IllegalArgumentException if the length differs from {@link #targets}
   */
  public void result(float[] y) {
    requireOpen();
    requireLength("y", targets(), y.length);
    executable.read(Y, y);
  }

  /** Compiles the derivatives of this product, to be taken at what it last multiplied. */
  public ProductGradient gradient() {
    requireOpen();
    return new ProductGradient(this);
  }

  void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this product is closed");
    }
  }

  static void requireLength(String what, int length, int given) {
    if (length != given) {
      throw new IllegalArgumentException(what + " has " + length + " elements, got " + given);
    }
  }

  @Override
  public void close() {
    closed = true;
    executable.close();
  }
}

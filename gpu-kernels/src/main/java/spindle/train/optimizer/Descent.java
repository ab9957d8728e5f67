package spindle.train.optimizer;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import spindle.backend.Arguments;
import spindle.backend.Backend;
import spindle.backend.Executable;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * Parameters that follow their gradients, update by update.
 *
 * <p>One update is one program over arrays by name: every backend gives the same bits, and what an
 * update depends on (parameters, what the optimizer keeps, the weights of its averages) can be
 * saved and restored as it is.
 */
public final class Descent implements AutoCloseable {
  private final Form form;
  private final Program program;
  private final Executable executable;

  /**
   * What is updated, and how.
   *
   * @param optimizer of all parameters
   * @param parameters names and types, scalars or vectors of floats
   * @param maxNorm largest norm of all gradients together; above it they are scaled down to it, as
   *     PyTorch's {@code clip_grad_norm_} does; infinity leaves them alone
   */
  public record Form(Optimizer optimizer, List<Variable> parameters, double maxNorm) {
    public Form {
      parameters = List.copyOf(parameters);
      if (!(maxNorm > 0)) {
        throw new IllegalArgumentException("max norm must be positive, got " + maxNorm);
      }
      for (Variable p : parameters) {
        if (!p.type().dtype().isFloat() || p.name().startsWith(DescentTrace.PREFIX)) {
          throw new IllegalArgumentException(
              "parameters are floats of their own names, got " + p.name() + ": " + p.type());
        }
      }
      if (parameters.stream().map(Variable::name).distinct().count() < parameters.size()) {
        throw new IllegalArgumentException("a parameter is there twice: " + parameters);
      }
    }

    /** Without clipping. */
    public Form(Optimizer optimizer, List<Variable> parameters) {
      this(optimizer, parameters, Double.POSITIVE_INFINITY);
    }

    boolean clips() {
      return maxNorm < Double.POSITIVE_INFINITY;
    }
  }

  /** Compiles an update; parameters and all else start at 0. */
  public Descent(Form form, Backend backend) {
    this.form = form;
    this.program = DescentTrace.of(form);
    this.executable = backend.load(program, new Arguments(Map.of(), Set.of()));
  }

  /** Moves every parameter once along the gradients that were set, at a learning rate. */
  public void update(double rate) {
    executable.write(DescentTrace.RATE, new double[] {rate});
    executable.run(0, 1);
  }

  /** Sets a parameter. */
  public void set(String parameter, double[] values) {
    executable.write(parameter, values);
  }

  /** Sets a float32 parameter. */
  public void set(String parameter, float[] values) {
    executable.write(parameter, values);
  }

  /** Sets the gradient by a parameter for the next updates. */
  public void gradient(String parameter, double[] values) {
    executable.write(DescentTrace.gradient(parameter), values);
  }

  /** Sets the gradient by a float32 parameter for the next updates. */
  public void gradient(String parameter, float[] values) {
    executable.write(DescentTrace.gradient(parameter), values);
  }

  /** The value of a parameter. */
  public double[] get(String parameter) {
    return read(program.variable(parameter));
  }

  /** Copies a float32 parameter out. */
  public void get(String parameter, float[] out) {
    executable.read(parameter, out);
  }

  /**
   * The norm of all gradients of the last update before they were clipped.
   *
   * @throws IllegalStateException if nothing is clipped, for then it is not known
   */
  public double norm() {
    if (!form.clips()) {
      throw new IllegalStateException("no norm: gradients are not clipped");
    }
    return get(DescentTrace.NORM)[0];
  }

  /** Everything that the next update depends on but gradients and rate: a checkpoint. */
  public Map<String, double[]> state() {
    var state = new TreeMap<String, double[]>();
    program.updates().forEach(u -> state.put(u.variable(), get(u.variable())));
    return state;
  }

  /**
   * Goes on from a checkpoint.
   *
   * @throws IllegalArgumentException if it is of another form
   */
  public void restore(Map<String, double[]> state) {
    if (!state.keySet().equals(state().keySet())) {
      throw new IllegalArgumentException(
          "state has " + state().keySet() + ", got " + new TreeMap<>(state).keySet());
    }
    state.forEach(executable::write);
  }

  private double[] read(Variable v) {
    var indices = new int[v.type().size()];
    for (int i = 0; i < indices.length; i++) {
      indices[i] = i;
    }
    var out = new double[indices.length];
    executable.read(v.name(), indices, out);
    return out;
  }

  @Override
  public void close() {
    executable.close();
  }
}

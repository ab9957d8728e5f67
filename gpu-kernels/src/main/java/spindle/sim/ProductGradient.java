package spindle.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import spindle.backend.Arguments;
import spindle.backend.Executable;
import spindle.backend.Snapshot;
import spindle.connect.Weighted;
import spindle.grad.Adjoint;
import spindle.grad.Inputs;
import spindle.ir.Program;
import spindle.ir.Variable;

/**
 * The derivatives of a loss by all that a product depends on, from those by its result. Events pass
 * them on as the numbers they stand for. Nothing is read before {@link #run}, or once it is closed
 * ({@link IllegalStateException}).
 */
public final class ProductGradient implements AutoCloseable {
  private final Product product;
  private final Program program;
  private final Optional<Weighted> weighted;
  private final Adjoint adjoint;
  private final Executable executable;
  private final Snapshot before;
  private final Snapshot weights;
  private final Snapshot zeros;
  private int weightings = -1;
  private boolean taken;
  private boolean closed;

  ProductGradient(Product product) {
    this.program = product.program;
    this.product = product;
    this.weighted = Weighted.of(product.form.connectivity());
    this.adjoint = Adjoint.of(program, Inputs.all(program));
    var values = new Arguments(product.arguments, Set.of());
    this.executable = product.backend.load(adjoint.program(), values);
    this.before = new Snapshot(state(v -> !v.name().equals(Product.WEIGHTS)));
    this.weights = new Snapshot(state(v -> v.name().equals(Product.WEIGHTS)));
    var derivatives = new ArrayList<Variable>(adjoint.cotangents());
    derivatives.addAll(adjoint.gradients());
    this.zeros = new Snapshot(derivatives);
  }

  /**
   * Differentiates at what the product last multiplied, with the weights it has.
   *
   * @param byResult derivative of the loss by each element of y
   * @throws IllegalArgumentException if the length is not that of y
   * @throws IllegalStateException if nothing was multiplied yet, or this or the product is closed
   */
  public void run(float[] byResult) {
    Product.requireLength("y", program.variable(Product.Y).type().length(), byResult.length);
    product.requireOpen();
    requireOpen();
    if (!product.multiplied) {
      throw new IllegalStateException("multiply first: derivatives are taken where that was");
    }
    copy(before);
    if (weightings != product.weightings) {
      copy(weights);
      weightings = product.weightings;
    }
    executable.restore(zeros);
    executable.write(Adjoint.bar(Product.Y), byResult);
    executable.run(0, 1);
    taken = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this gradient is closed");
    }
  }

  private void requireTaken() {
    requireOpen();
    if (!taken) {
      throw new IllegalStateException("run first: no derivatives were taken");
    }
  }

  private void copy(Snapshot values) {
    product.executable.save(values);
    executable.restore(values);
  }

  private List<Variable> state(Predicate<Variable> which) {
    return adjoint.state().stream().filter(which).toList();
  }

  /**
   * Copies the derivative by each element of x.
   *
   * @throws IllegalArgumentException if the length is not that of x
   */
  public void input(float[] out) {
    read(Product.X, out);
  }

  /**
   * Copies the derivative by each weight that {@link Product#weights} sets.
   *
   * @throws IllegalArgumentException if their number is another
   */
  public void weights(float[] out) {
    boolean own = program.variables().stream().noneMatch(v -> v.name().equals(Product.WEIGHTS));
    if (own) {
      Product.requireLength("weights", 0, out.length);
    } else {
      read(Product.WEIGHTS, out);
    }
  }

  private void read(String variable, float[] out) {
    var type = program.variable(variable).type();
    Product.requireLength(variable, type.size(), out.length);
    requireTaken();
    if (type.isScalar()) {
      out[0] = (float) element(Adjoint.bar(variable));
    } else {
      executable.read(Adjoint.bar(variable), out);
    }
  }

  private double element(String scalar) {
    var value = new double[1];
    executable.read(scalar, new int[1], value);
    return value[0];
  }

  /**
   * The derivatives by what the connectivity draws its weights from, by name: {@code low} and
   * {@code high} of uniform weights, {@code mean} and {@code deviation} of normal ones; empty where
   * no weight is drawn.
   */
  public Map<String, Double> law() {
    requireTaken();
    return weighted.map(law -> law.byName(byWeight("offset"), byWeight("scale"))).orElse(Map.of());
  }

  private double byWeight(String part) {
    return element(Adjoint.gradient(Product.ROWS + ".weight_" + part));
  }

  @Override
  public void close() {
    closed = true;
    executable.close();
  }
}

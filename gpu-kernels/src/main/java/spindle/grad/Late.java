package spindle.grad;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import spindle.ir.DType;
import spindle.ir.Direction;
import spindle.ir.Equation;
import spindle.ir.Expr;
import spindle.ir.Op;
import spindle.ir.Program;
import spindle.ir.Rows;
import spindle.ir.Trace;
import spindle.ir.Update;
import spindle.ir.Variable;

/**
 * Moves products with a connectivity from the end of one run of an adjoint to the next run, where
 * what they are multiplied by is known: the cotangent of events is a sum of products, of which a
 * neuron far from its threshold needs none. From run to run goes what is multiplied, instead.
 *
 * <p>The same numbers are added in the same order, so that no bit changes. At first all is 0, and
 * so is its product.
 */
final class Late {
  private static final String PREFIX = "late.";

  private final Adjoint adjoint;
  private final Program p;
  private final Set<String> still;
  private final Trace trace;
  private final Primal primal;

  /** By the name of the cotangent: where its next value is. */
  private final Map<String, Integer> moved = new LinkedHashMap<>();

  /** By the place of a product: what holds its vector until the next run. */
  private final Map<Integer, Variable> vectors = new LinkedHashMap<>();

  private Late(Adjoint adjoint, Program step) {
    this.adjoint = adjoint;
    this.p = adjoint.program();
    this.still = step.variables().stream().map(Variable::name).collect(Collectors.toSet());
    step.updates().forEach(u -> still.remove(u.variable()));
    this.trace = new Trace(p.name());
    this.primal = new Primal(p, trace, this::load);
    Set<String> events =
        step.variables().stream()
            .filter(v -> v.type().dtype() == DType.EVENTS)
            .map(v -> Adjoint.bar(v.name(), 1))
            .collect(Collectors.toSet());
    for (Update u : p.updates()) {
      if (events.contains(u.variable()) && isLate(u.value())) {
        moved.put(u.variable(), u.value());
      }
    }
  }

  /** The adjoint of a step, with late products where they can be. */
  static Adjoint of(Adjoint adjoint, Program step) {
    var late = new Late(adjoint, step);
    return late.moved.isEmpty() ? adjoint : late.write();
  }

  /** Whether a cotangent is what waits for its product. */
  static boolean isLate(String cotangent) {
    return cotangent.startsWith(PREFIX);
  }

  /** Whether a value is a sum of products that are the same one run later, or has one added. */
  private boolean isLate(int place) {
    return older(place).isPresent() ? isProducts(p.at(place).args().get(1)) : isProducts(place);
  }

  /** An older cotangent that products are added to. */
  private Optional<Integer> older(int place) {
    Equation e = p.at(place);
    return Optional.of(e)
        .filter(sum -> sum.op() == Op.ADD && p.at(sum.args().get(0)).op() == Op.LOAD)
        .map(sum -> sum.args().get(0));
  }

  private boolean isProducts(int place) {
    Equation e = p.at(place);
    if (e.op() == Op.ADD) {
      return e.args().stream().allMatch(this::isProducts);
    }
    boolean product = e.op() == Op.PROPAGATE || e.op() == Op.TRANSMIT;
    return product
        && Direction.of(e) == Direction.AGAINST
        && p.at(e.args().get(0)).type().dtype() != DType.EVENTS
        && e.args().stream().skip(1).map(p::at).allMatch(this::isStill);
  }

  private boolean isStill(Equation e) {
    return e.op() == Op.LOAD && still.contains(e.name());
  }

  private Adjoint write() {
    moved.values().stream().flatMapToInt(this::products).distinct().forEach(this::declareVector);
    var cotangents = new ArrayList<>(vectors.values());
    for (Variable v : p.variables()) {
      boolean gone = moved.containsKey(v.name()) && older(moved.get(v.name())).isEmpty();
      if (!gone) {
        trace.declare(v);
      }
      if (!gone && adjoint.cotangents().contains(v)) {
        cotangents.add(v);
      }
    }
    copyBefore();
    p.updates().forEach(this::store);
    return new Adjoint(trace.finish(), adjoint.state(), cotangents, adjoint.gradients());
  }

  private void declareVector(int product) {
    String name = PREFIX + vectors.size();
    if (p.variables().stream().anyMatch(v -> v.name().equals(name))) {
      throw new IllegalArgumentException(
          p.name() + " already has a variable " + name + "; rename it");
    }
    Equation vector = p.at(p.at(product).args().get(0));
    vectors.put(product, trace.declare(Variable.of(name, vector.type())));
  }

  /** First what does not depend on late products: so they know what they are multiplied by. */
  private void copyBefore() {
    var wanted = new boolean[p.equations().size()];
    p.updates().stream().flatMapToInt(u -> results(u)).forEach(i -> wanted[i] = true);
    for (int i = wanted.length - 1; i >= 0; i--) {
      if (wanted[i]) {
        p.at(i).args().forEach(a -> wanted[a] = true);
      }
    }
    var depends = new boolean[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      Equation e = p.at(i);
      depends[i] = isMoved(e) || e.args().stream().anyMatch(a -> depends[a]);
      if (wanted[i] && !depends[i]) {
        primal.value(i);
      }
    }
  }

  /** Places of what an update keeps from now on. */
  private IntStream results(Update u) {
    if (!moved.containsKey(u.variable())) {
      return IntStream.of(u.value());
    }
    var products = products(u.value()).map(i -> p.at(i).args().get(0));
    return IntStream.concat(products, older(u.value()).stream().mapToInt(i -> i));
  }

  /** Places of the products of a sum. */
  private IntStream products(int place) {
    Equation e = p.at(place);
    return e.op() == Op.ADD
        ? e.args().stream().flatMapToInt(this::products)
        : IntStream.of(place).filter(i -> e.op() != Op.LOAD);
  }

  private boolean isMoved(Equation e) {
    return e.op() == Op.LOAD && moved.containsKey(e.name());
  }

  private Expr load(Equation e) {
    return isMoved(e)
        ? late(moved.get(e.name()), e.name())
        : Primal.load(trace, p.variable(e.name()), e);
  }

  /** A sum as it was at the end of the run before. */
  private Expr late(int place, String cotangent) {
    Equation e = p.at(place);
    if (e.op() == Op.LOAD) {
      return trace.load(cotangent);
    } else if (e.op() == Op.ADD) {
      return late(e.args().get(0), cotangent).plus(late(e.args().get(1), cotangent));
    }
    Rows rows = p.rows(e.name());
    Expr vector = trace.load(vectors.get(place).name());
    return e.op() == Op.PROPAGATE
        ? trace.propagate(vector, rows, Direction.of(e), e.type().dtype())
        : trace.transmit(vector, primal.value(e.args().get(1)), rows, Direction.of(e));
  }

  private void store(Update u) {
    if (!moved.containsKey(u.variable())) {
      trace.store(u.variable(), primal.value(u.value()));
      return;
    }
    older(u.value()).ifPresent(i -> trace.store(u.variable(), primal.value(i)));
    products(u.value())
        .forEach(i -> trace.store(vectors.get(i).name(), primal.value(p.at(i).args().get(0))));
  }
}

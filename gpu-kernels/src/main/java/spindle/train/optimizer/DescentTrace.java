package spindle.train.optimizer;

import spindle.ir.DType;
import spindle.ir.Expr;
import spindle.ir.Program;
import spindle.ir.Trace;
import spindle.ir.Type;
import spindle.ir.Variable;

/**
 * Writes the program of one update of all parameters.
 *
 * <p>Scalars are f64 whatever the parameters are, and so is the sum of squares of the gradients, in
 * the order of the parameters and of their elements.
 */
final class DescentTrace {
  /** Of the names of scalars; no parameter's. */
  static final String PREFIX = "descent.";

  static final String RATE = PREFIX + "rate";
  static final String NORM = PREFIX + "norm";
  private static final String WEIGHT = PREFIX + "weight.";

  /** Added to the norm before it divides, as PyTorch does. */
  private static final double ABOVE_ZERO = 1e-6;

  private final Descent.Form form;
  private final Trace trace = new Trace("descent");

  private DescentTrace(Descent.Form form) {
    this.form = form;
  }

  static Program of(Descent.Form form) {
    return new DescentTrace(form).write();
  }

  /** The variable that holds the gradient by a parameter. */
  static String gradient(String parameter) {
    return parameter + ".gradient";
  }

  /** The variable that holds an array that the optimizer keeps for a parameter. */
  static String state(String parameter, String name) {
    return parameter + "." + name;
  }

  private Program write() {
    for (Variable p : form.parameters()) {
      declare(p.name(), p.type());
      declare(gradient(p.name()), p.type());
      form.optimizer().state().forEach(s -> declare(state(p.name(), s), p.type()));
    }
    Expr rate = scalar(RATE);
    Expr factor = form.clips() ? factor() : trace.constant(DType.F64, 1);
    for (Variable p : form.parameters()) {
      Expr g = trace.load(gradient(p.name()));
      Expr clipped = form.clips() ? g.times(factor.as(p.type().dtype())) : g;
      trace.store(p.name(), form.optimizer().update(new Traced(p, clipped, rate)));
    }
    return trace.finish();
  }

  private void declare(String name, Type type) {
    trace.declare(Variable.of(name, type));
  }

  private Expr scalar(String name) {
    declare(name, Type.scalar(DType.F64));
    return trace.load(name);
  }

  /** What scales the gradients so that their norm is at most the largest allowed. */
  private Expr factor() {
    Expr squares = trace.constant(DType.F64, 0);
    for (Variable p : form.parameters()) {
      Expr g = trace.load(gradient(p.name())).as(DType.F64);
      Expr square = g.times(g);
      squares = squares.plus(p.type().isScalar() ? square : trace.sum(square));
    }
    Expr norm = squares.sqrt();
    declare(NORM, norm.type());
    trace.store(NORM, norm);
    return norm.like(form.maxNorm()).over(norm.plus(ABOVE_ZERO)).min(1);
  }

  private final class Traced implements Slot {
    private final Variable parameter;
    private final Expr gradient;
    private final Expr rate;

    private Traced(Variable parameter, Expr gradient, Expr rate) {
      this.parameter = parameter;
      this.gradient = gradient;
      this.rate = rate;
    }

    @Override
    public Expr parameter() {
      return trace.load(parameter.name());
    }

    @Override
    public Expr gradient() {
      return gradient;
    }

    @Override
    public Expr rate() {
      return rate.as(parameter.type().dtype());
    }

    @Override
    public Expr state(String name) {
      return trace.load(DescentTrace.state(parameter.name(), name));
    }

    @Override
    public void keep(String name, Expr value) {
      trace.store(DescentTrace.state(parameter.name(), name), value);
    }

    @Override
    public Expr weight(double decay) {
      Expr before = scalar(WEIGHT + decay);
      Expr now = before.times(decay).plus(1 - decay);
      trace.store(WEIGHT + decay, now);
      return now.as(parameter.type().dtype());
    }
  }
}
